import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { keptToken } from "../../src/node/studio-token.ts";
import { publicAddress } from "../../src/server/addresses.ts";
import type { RunSummary } from "../../src/server/api.ts";
import { ended, startTanren, temporaryFolder } from "../support/cli.ts";
import { type Opened, openServer, raw, studioFolder } from "./support.ts";

const tokenOf = ({ url }: { url: string }) => new URL(url).searchParams.get("token") as string;
const json = { "content-type": "application/json" };

/** The cookie that a browser has after it opened the printed address. */
async function cookieOf(server: Opened, headers: Record<string, string> = {}): Promise<string> {
  const host = `127.0.0.1:${server.port}`;
  const { headers: answered } = await raw(server.port, `/?token=${tokenOf(server)}`, { host, ...headers });
  return (answered["set-cookie"] as string[])[0].split(";")[0];
}

describe("on loopback too", () => {
  test("another user of the machine can read, start and delete nothing without the token", async () => {
    const server = await openServer({ token: undefined });
    const { port } = server;
    const host = `127.0.0.1:${port}`;
    const token = tokenOf(server);
    expect(token.length).toBeGreaterThanOrEqual(32);
    const cookie = await cookieOf(server);
    const post = JSON.stringify({ experiment: "optimizer-paths", settings: { iterations: 5 } });
    const started = await raw(port, "/api/runs", { host, ...json, cookie }, "POST", post);
    expect(started.status).toBe(201);
    const { id } = JSON.parse(started.text) as RunSummary;
    for (const [method, path, body] of [
      ["GET", "/"],
      ["GET", "/assets/main-Ab3_x-9Z.js"],
      ["GET", "/api/info"],
      ["GET", "/api/runs"],
      ["GET", `/api/runs/${id}`],
      ["GET", "/api/events"],
      ["DELETE", `/api/runs/${id}`],
      ["POST", "/api/runs", post],
      ["GET", "/?token="],
      ["GET", `/?token=${"x".repeat(token.length)}`],
      ["GET", `/?token=${token}x`],
      ["GET", `/?token=${token.slice(1)}`],
      ["DELETE", `/api/runs/${id}?token=${"%C3%A9".repeat(token.length)}`],
    ]) {
      const carried: Record<string, string>[] = [
        {},
        { authorization: "Bearer x" },
        { cookie: `tanren-token-${port}=x` },
      ];
      for (const headers of carried) {
        const { status, text } = await raw(port, path, { host, ...json, ...headers }, method, body);
        expect([method, path, status]).toEqual([method, path, 401]);
        expect(text).not.toContain(token);
      }
    }
    expect((await raw(port, `/api/runs/${id}`, { host, cookie })).status).toBe(200);
  });

  test("the printed address gives a cookie once and shows the token no more; programs send a header", async () => {
    const server = await openServer({ token: "a-token-of-my-own" });
    const { port } = server;
    const host = `127.0.0.1:${port}`;
    expect(server.url).toBe(`http://127.0.0.1:${port}/?token=a-token-of-my-own`);
    const opened = await raw(port, "/?token=a-token-of-my-own&lang=ja", { host, "sec-fetch-site": "none" });
    expect([opened.status, opened.headers.location]).toEqual([303, "./?lang=ja"]);
    const [cookie] = opened.headers["set-cookie"] as string[];
    // Cookies know no ports: another server of this machine has one by another name.
    expect(cookie).toMatch(new RegExp(`^tanren-token-${port}=`));
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict/);
    expect(cookie).not.toMatch(/Secure/);
    const carried = { host, cookie: cookie.split(";")[0] };
    expect((await raw(port, "/", carried)).status).toBe(200);
    expect((await raw(port, "/api/info", carried)).status).toBe(200);
    expect((await raw(port, "/api/info", { host, authorization: "Bearer a-token-of-my-own" })).status).toBe(200);
    // The token opens nothing for other names and other sites.
    expect((await raw(port, "/", { ...carried, host: "evil.example" })).status).toBe(403);
    expect((await raw(port, "/api/info", { ...carried, origin: "http://evil.example" })).status).toBe(403);
    expect((await raw(port, "/api/info", { ...carried, "sec-fetch-site": "cross-site" })).status).toBe(403);
  });

  test("whoever comes from another site's link is sent on by a page of ours, and without a token is told what to open", async () => {
    const server = await openServer({ token: undefined });
    const host = `127.0.0.1:${server.port}`;
    const come = { host, "sec-fetch-site": "cross-site", "sec-fetch-dest": "document" };
    const sent = await raw(server.port, `/?token=${tokenOf(server)}&a="<`, come);
    expect([sent.status, sent.headers["set-cookie"]?.length]).toEqual([200, 1]);
    expect(sent.text).toMatch(/<meta http-equiv="refresh" content="0;url=\.\/\?a=%22%3C">/);
    const told = await raw(server.port, "/", come);
    expect(told.status).toBe(401);
    expect(told.headers["content-type"]).toMatch(/text\/html/);
    expect(told.text).toMatch(/asks for its token.*トークンが必要です/s);
  });
});

describe("for other machines", () => {
  test("every address that --host 0.0.0.0 prints is one that the server takes", async () => {
    const server = await openServer({ host: "0.0.0.0", token: undefined });
    expect(server.urls.length).toBeGreaterThanOrEqual(1);
    for (const url of server.urls) {
      const { host, hostname, pathname, search } = new URL(url);
      expect(hostname).not.toBe("0.0.0.0");
      const { status, headers } = await raw(server.port, `${pathname}${search}`, { host });
      expect([url, status]).toEqual([url, 303]);
      const cookie = (headers["set-cookie"] as string[])[0].split(";")[0];
      expect((await raw(server.port, "/api/info", { host, cookie, origin: `http://${host}` })).status).toBe(200);
    }
    expect((await raw(server.port, "/", { host: `0.0.0.0:${server.port}` })).status).toBe(403);
  });

  /** As a proxy that ends TLS: passes requests on, with the browser's Host or its own. */
  async function proxyTo(port: number, keepHost: boolean): Promise<number> {
    const proxy = createServer((incoming, outgoing) => {
      const headers = { ...incoming.headers, "x-forwarded-proto": "https" };
      if (!keepHost) {
        headers.host = `127.0.0.1:${port}`;
      }
      const { method, url: path } = incoming;
      incoming.pipe(
        request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
          outgoing.on("close", () => answer.destroy());
        }).on("error", () => outgoing.destroy()),
      );
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    return (proxy.address() as AddressInfo).port;
  }

  test.each([
    ["its browser's Host", true],
    ["a Host of its own", false],
  ])("behind a proxy that passes on %s, with --origin, everything works", async (_, keepHost) => {
    const server = await openServer({ token: undefined, origins: ["https://studio.example.org"] });
    expect(server.url).toBe(`https://studio.example.org/?token=${tokenOf(server)}`);
    expect(server.urls[1]).toMatch(/^http:\/\/127\.0\.0\.1:/);
    const port = await proxyTo(server.port, keepHost);
    const host = "studio.example.org";
    const opened = await raw(port, `/?token=${tokenOf(server)}`, { host });
    expect(opened.status).toBe(303);
    expect((opened.headers["set-cookie"] as string[])[0]).toMatch(/Secure/);
    const cookie = (opened.headers["set-cookie"] as string[])[0].split(";")[0];
    const browser = { host, cookie, origin: "https://studio.example.org", "sec-fetch-site": "same-origin" };
    const body = JSON.stringify({ experiment: "optimizer-paths", settings: { iterations: 5 } });
    const started = await raw(port, "/api/runs", { ...browser, ...json }, "POST", body);
    expect(started.status).toBe(201);
    const { id } = JSON.parse(started.text) as RunSummary;
    const { text } = await raw(port, `/api/runs/${id}/events`, browser);
    expect(text).toMatch(/event: chunk\n.*event: end\n/s);
    for (const origin of [
      "http://studio.example.org",
      "https://studio.example.org:444",
      "https://example.org",
      "null",
    ]) {
      expect([origin, (await raw(port, "/api/runs", { ...browser, origin })).status]).toEqual([origin, 403]);
    }
    expect((await raw(port, "/api/runs", { host, origin: "https://studio.example.org" })).status).toBe(401);
    expect((await raw(server.port, "/", { host: "other.example.org", cookie })).status).toBe(403);
  });

  test.each(["studio.example.org", "ftp://x.org", "https://user@x.org", "https://x.org/?a=1", "https://x.org/#a", ""])(
    "--origin %j is refused in a sentence",
    (text) => {
      expect(() => publicAddress(text)).toThrow(/^--origin: must be the address that browsers open/);
    },
  );

  test("an origin with a port or a path is shown as it is, and Host is taken with and without the usual port", () => {
    expect(publicAddress("https://Example.org:8443/tanren")).toEqual({
      origin: "https://example.org:8443",
      hosts: ["example.org:8443"],
      secure: true,
      href: "https://example.org:8443/tanren/",
    });
    expect(publicAddress("http://example.org").hosts).toEqual(["example.org", "example.org:80"]);
  });
});

describe("the token that is kept", () => {
  test("is the same at every start, and its user's alone", () => {
    const home = join(temporaryFolder(), "deep", "home");
    const token = keptToken(home);
    const file = join(home, "studio-token");
    expect(readFileSync(file, "utf8")).toBe(`${token}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(keptToken(home)).toBe(token);
    // Others could read it.
    chmodSync(file, 0o644);
    expect(keptToken(home)).not.toBe(token);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(file, "short\n");
    expect(keptToken(home)).toHaveLength(32);
  });

  test("where none can be kept, one is made all the same", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    expect(keptToken(file)).toHaveLength(32);
  });
});

describe("tanren studio", () => {
  /** Ends by itself where something is wrong, else with Ctrl-C once it has printed its address. */
  async function studio(options: string[], env: Record<string, string> = {}) {
    const { pages } = studioFolder();
    const args = ["studio", "--port", "0", "--pages", pages, "--threads", "1", ...options];
    const child = startTanren(args, { home: temporaryFolder(), env });
    child.stdout?.on("data", (text: string) => {
      if (/Ctrl-C/.test(text)) {
        child.kill("SIGINT");
      }
    });
    return ended(child);
  }

  test("prints the address with the token, its own or a fixed one", async () => {
    const { stdout } = await studio([]);
    expect(stdout).toMatch(/Tanren Studio: http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}\n/);
    const fixed = await studio([], { TANREN_TOKEN: "0123456789abcdef" });
    expect(fixed.stdout).toMatch(/\?token=0123456789abcdef\n/);
  });

  test("refuses a token that can be guessed without printing it, and no token off this machine", async () => {
    const short = await studio([], { TANREN_TOKEN: "secret" });
    expect([short.status, short.stderr]).toEqual([2, expect.stringMatching(/^TANREN_TOKEN: must be 16 to 200/)]);
    expect(short.stderr).not.toContain("secret");
    const open = await studio(["--no-token", "--host", "0.0.0.0"]);
    expect([open.status, open.stderr]).toEqual([2, expect.stringMatching(/^--no-token: must stay on this machine/)]);
  });
});
