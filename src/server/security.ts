import { timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
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
 */
export function onlyOurs(hosts: () => ReadonlySet<string>): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header("host")?.toLowerCase() ?? "";
    if (!hosts().has(host)) {
      throw new ApiError(
        "refused",
        "request: Host must be this server's own name, got another. Use the address it printed.",
      );
    }
    const origin = c.req.header("origin")?.toLowerCase();
    const site = c.req.header("sec-fetch-site");
    const changes = c.req.method !== "GET" && c.req.method !== "HEAD";
    const api = c.req.path === "/api" || c.req.path.startsWith("/api/");
    const foreign =
      (origin !== undefined && origin !== `http://${host}`) ||
      ((changes || api) && site !== undefined && site !== "same-origin" && site !== "none");
    if (foreign) {
      throw new ApiError("refused", "request: Origin must be this server, got another site. Open the studio itself.");
    }
    await next();
  };
}

/** Asks for the token of the address that was printed; afterwards a cookie carries it, and the address shows it no more. */
export function onlyWithToken(token: string, port: () => number): MiddlewareHandler {
  const fits = (given: string | undefined) =>
    given !== undefined &&
    given.length === token.length &&
    timingSafeEqual(Buffer.from(given, "latin1"), Buffer.from(token, "latin1"));
  return async (c, next) => {
    const name = `tanren-token-${port()}`;
    const url = new URL(c.req.url);
    const given = url.searchParams.get("token") ?? undefined;
    if (fits(given)) {
      setCookie(c, name, token, { httpOnly: true, sameSite: "Strict", path: "/" });
      if (c.req.method === "GET" && !url.pathname.startsWith("/api/")) {
        url.searchParams.delete("token");
        return c.redirect(`${url.pathname}${url.search}`, 303);
      }
    } else if (!fits(getCookie(c, name))) {
      throw new ApiError(
        "refused",
        "request: must carry the token, got none that fits. Open the address that was printed.",
        401,
      );
    }
    return next();
  };
}
