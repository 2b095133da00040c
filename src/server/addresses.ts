import { isIPv6 } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { HyperError } from "../core/errors.ts";

/** An address under which a proxy shows this server, such as `https://studio.example.org`. */
export interface PublicAddress {
  /** As browsers send it in Origin. */
  readonly origin: string;
  /** As browsers send them in Host: without and with the usual port. */
  readonly hosts: readonly string[];
  readonly secure: boolean;
  /** With a slash at its end. */
  readonly href: string;
}

const loopback = "127.0.0.1";

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** @throws HyperError when it is no address of a site */
export function publicAddress(text: string): PublicAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  const plain = url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.search + url.hash === "";
  if (!plain || url.password !== "") {
    throw new HyperError({
      en: `--origin: must be the address that browsers open, such as https://studio.example.org, got "${text}". Give scheme and name, and the port where it is not the usual one.`,
      ja: `--origin: ブラウザーで開くアドレスを https://studio.example.org のように指定してください(指定された値: "${text}")。スキームと名前が必要で、標準以外のポートなら番号も付けます。`,
    });
  }
  const secure = url.protocol === "https:";
  const usual = url.port === "" ? [`${url.hostname}:${secure ? 443 : 80}`] : [];
  return {
    origin: url.origin,
    hosts: [url.host, ...usual],
    secure,
    href: url.href.endsWith("/") ? url.href : `${url.href}/`,
  };
}

const everywhere = (host: string) => host === "0.0.0.0" || host === "::";
const bracketed = (name: string) => (isIPv6(name) ? `[${name}]` : name);

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address.replace(/%.*$/, ""));
}

/** The names with port by which a browser may ask for this server without a proxy. */
export function ownNames(host: string, port: number): ReadonlySet<string> {
  const own = everywhere(host) ? [hostname(), ...ownAddresses()] : [host];
  const names = ["localhost", loopback, "::1", ...own].map((name) => bracketed(name).toLowerCase());
  return new Set(names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
}

/** The addresses to open, the best first: no browser can be given 0.0.0.0. */
export function addressesOf(host: string, port: number, behind: readonly PublicAddress[]): string[] {
  // Link-local addresses need a zone, which a browser's address cannot hold.
  const reachable = everywhere(host)
    ? [loopback, ...ownAddresses().filter((address) => !/^fe80:/i.test(address) && (host === "::" || !isIPv6(address)))]
    : [host];
  return [...behind.map(({ href }) => href), ...reachable.map((name) => `http://${bracketed(name)}:${port}/`)];
}
