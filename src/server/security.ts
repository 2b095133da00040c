import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { escapeText } from "../core/printable.ts";
import type { PublicAddress } from "./addresses.ts";
import { ApiError } from "./api-error.ts";

/**
 * What a page of the studio may load and do: only what comes from this server; WebAssembly may be compiled, no text is ever
 * run as a script or taken as a style. The page asks for the same by itself (src/studio/index.html).
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const headers = {
  "content-security-policy": contentSecurityPolicy,
  // Isolated from other sites, so that the page may share memory with its workers.
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
} as const;

/** Gives every answer the headers that keep a browser strict. */
export const strictHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(headers)) {
    c.res.headers.set(name, value);
  }
};

/**
 * Lets only requests through that were meant for this server. Another site's name that was made to point here (DNS
 * rebinding) shows in Host, a page of another site in Origin or Sec-Fetch-Site.
 * @param hosts names with port under which this server may be asked for
 * @param behind addresses under which a proxy shows it; the proxy may pass on either Host
 */
export function onlyOurs(hosts: () => ReadonlySet<string>, behind: readonly PublicAddress[]): MiddlewareHandler {
  const shown = new Set(behind.flatMap((address) => address.hosts));
  const origins = new Set(behind.map(({ origin }) => origin));
  return async (c, next) => {
    const host = c.req.header("host")?.toLowerCase() ?? "";
    const own = hosts().has(host);
    if (!own && !shown.has(host)) {
      throw new ApiError("refused", {
        en: "request: Host must be this server's own name, got another. Use the address it printed; for one of a proxy, start it with --origin.",
        ja: "Host がこのサーバーの名前ではありません。起動時に表示されたアドレスを開いてください。プロキシ経由で使うときは --origin を付けて起動します。",
      });
    }
    const origin = c.req.header("origin")?.toLowerCase();
    const site = c.req.header("sec-fetch-site");
    const changes = c.req.method !== "GET" && c.req.method !== "HEAD";
    const api = c.req.path === "/api" || c.req.path.startsWith("/api/");
    const ours = origin === undefined || origins.has(origin) || (own && origin === `http://${host}`);
    if (!ours || ((changes || api) && site !== undefined && site !== "same-origin" && site !== "none")) {
      throw new ApiError("refused", {
        en: "request: Origin must be this server, got another site. Open the studio itself.",
        ja: "別のサイトからのリクエストは受け付けません。スタジオのページを直接開いてください。",
      });
    }
    await next();
  };
}

/**
 * Asks for the token: in the address that was printed, in a cookie afterwards, so that the address shows it no more, or as
 * `Authorization: Bearer …` from programs.
 */
export function onlyWithToken(token: string, port: () => number, behind: readonly PublicAddress[]): MiddlewareHandler {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const wanted = digest(token);
  const fits = (given: string | undefined) => given !== undefined && timingSafeEqual(digest(given), wanted);
  const encrypted = new Set(behind.filter(({ secure }) => secure).flatMap(({ hosts }) => hosts));
  return async (c, next) => {
    // Cookies know no ports: two servers of one machine must not take each other's.
    const name = `tanren-token-${port()}`;
    const url = new URL(c.req.url);
    const inAddress = fits(url.searchParams.get("token") ?? undefined);
    const bearer = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    if (!inAddress && !fits(getCookie(c, name)) && !fits(bearer)) {
      if (c.req.header("sec-fetch-dest") === "document") {
        return c.html(tokenPage, 401, { "cache-control": "no-store" });
      }
      throw new ApiError(
        "refused",
        {
          en: "request: must carry the token, got none that fits. Open the address that tanren studio printed.",
          ja: "正しいトークンがありません。tanren studio が表示したアドレスを開いてください。",
        },
        401,
      );
    }
    if (inAddress && c.req.method === "GET" && !url.pathname.startsWith("/api/")) {
      const secure =
        c.req.header("x-forwarded-proto") === "https" || encrypted.has(c.req.header("host")?.toLowerCase() ?? "");
      setCookie(c, name, token, { httpOnly: true, sameSite: "Strict", path: "/", maxAge: kept, secure });
      url.searchParams.delete("token");
      // Relative: a proxy may show the server below a path.
      const next = `./${url.pathname.slice(url.pathname.lastIndexOf("/") + 1)}${url.search}`;
      c.header("cache-control", "no-store");
      // A browser that comes from another site sends no such cookie along a redirect, but does from a page of ours.
      const abroad = /^(cross|same)-site$/.test(c.req.header("sec-fetch-site") ?? "");
      return abroad ? c.html(onwards(next)) : c.redirect(next, 303);
    }
    return next();
  };
}

/** Seconds that a browser keeps the token. */
const kept = 30 * 24 * 3600;

const page = (head: string, body: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tanren Studio</title>${head}</head><body>${body}</body></html>`;

const tokenPage = page(
  "",
  `<p>This studio asks for its token. Open the whole address that <code>tanren studio</code> printed, with <code>?token=</code> at its end.</p>
<p lang="ja">このスタジオを開くにはトークンが必要です。<code>tanren studio</code> が表示したアドレスを、末尾の <code>?token=</code> 以降も含めて開いてください。</p>`,
);

function onwards(address: string): string {
  const safe = escapeText(address);
  return page(`<meta http-equiv="refresh" content="0;url=${safe}">`, "");
}
