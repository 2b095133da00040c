import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ErrorBody } from "../../src/server/api.ts";
import { type Opened, openServer, raw } from "./support.ts";

const json = { "content-type": "application/json" };
const good = JSON.stringify({ experiment: "optimizer-paths", settings: { iterations: 3 } });

/** An error is one sentence of JSON that tells nothing of the machine. */
function expectError(text: string, server: Opened): ErrorBody["error"] {
  const { error } = JSON.parse(text) as ErrorBody;
  expect(error.message).toMatch(/^\S+: .*must .*, got .*\. |^\S+: .*/s);
  expect(text).not.toContain(server.folder.home);
  expect(text).not.toMatch(/\bat .*:\d+:\d+|node_modules|\/src\//);
  return error;
}

test("another name for this machine is refused (DNS rebinding), its own names are not", async () => {
  const server = await openServer();
  const { port } = server;
  for (const host of [
    "evil.example",
    `evil.example:${port}`,
    "127.0.0.1",
    "localhost:1",
    `127.0.0.1.evil.example:${port}`,
  ]) {
    for (const path of ["/", "/api/info", "/api/runs"]) {
      const { status, text } = await raw(port, path, { host });
      expect([host, path, status]).toEqual([host, path, 403]);
      expect(expectError(text, server).kind).toBe("refused");
    }
  }
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
    expect((await raw(port, "/api/info", { host })).status).toBe(200);
  }
});

test("a page of another site can neither change nor watch anything", async () => {
  const server = await openServer();
  const { port } = server;
  const host = `127.0.0.1:${port}`;
  const foreign: Record<string, string>[] = [
    { origin: "http://evil.example" },
    { origin: "null" },
    { origin: `https://${host}` },
    { origin: "http://127.0.0.1:1" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ];
  for (const headers of foreign) {
    for (const [method, path, body] of [
      ["POST", "/api/runs", good],
      ["DELETE", "/api/runs/20261124-053012-3f2a", undefined],
      ["PATCH", "/api/runs/20261124-053012-3f2a", "{}"],
      ["GET", "/api/events", undefined],
    ] as const) {
      const { status, text } = await raw(port, path, { host, ...json, ...headers }, method, body);
      expect([headers, method, status]).toEqual([headers, method, 403]);
      expectError(text, server);
    }
  }
  // A form cannot send JSON, and text is not taken for it.
  expect((await raw(port, "/api/runs", { host, "content-type": "text/plain" }, "POST", good)).status).toBe(415);
  expect(await (await server.ask("/api/runs")).json()).toEqual({ runs: [], more: false });
  const own = { host, ...json, origin: `http://${host}`, "sec-fetch-site": "same-origin" };
  expect((await raw(port, "/api/runs", own, "POST", good)).status).toBe(201);
});

test("no path leads out of the pages' folder", async () => {
  const server = await openServer();
  const { home, pages } = server.folder;
  writeFileSync(join(home, "secret.txt"), "the secret");
  writeFileSync(join(pages, ".env"), "the secret");
  symlinkSync(join(home, "secret.txt"), join(pages, "leak.txt"));
  symlinkSync(home, join(pages, "leak"));
  mkdirSync(`${pages}-beside`);
  writeFileSync(join(`${pages}-beside`, "secret.txt"), "the secret");
  symlinkSync(join(`${pages}-beside`, "secret.txt"), join(pages, "beside.txt"));
  const host = `127.0.0.1:${server.port}`;
  for (const path of [
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/assets/../../secret.txt",
    "/assets/..%5c..%5csecret.txt",
    "/..%252fsecret.txt",
    "/../pages-beside/secret.txt",
    "/beside.txt",
    "/leak.txt",
    "/leak/secret.txt",
    "/.env",
    "/index.html%00.txt",
    "/%",
    "/%c0%ae%c0%ae/secret.txt",
    "/assets",
    "/assets/",
    "//etc/passwd",
    "/etc/passwd",
    "/file:%2f%2f/etc/passwd",
    `/${"a".repeat(8000)}`,
  ]) {
    const { status, text } = await raw(server.port, path, { host });
    expect([path, status]).toEqual([path, 404]);
    expect(text).not.toContain("the secret");
    expectError(text, server);
  }
});

test("bodies that are too long, no JSON, or not what is asked for are refused in one sentence", async () => {
  const server = await openServer();
  const host = `127.0.0.1:${server.port}`;
  const post = (body: string, path = "/api/runs") => raw(server.port, path, { host, ...json }, "POST", body);
  const long = await post(JSON.stringify({ experiment: "x".repeat(70_000) }));
  expect(long.status).toBe(413);
  expectError(long.text, server);
  const chunked = await raw(
    server.port,
    "/api/runs",
    { host, ...json, "transfer-encoding": "chunked" },
    "POST",
    "[".repeat(200_000),
  );
  expect(chunked.status).toBe(413);
  const start = { experiment: "optimizer-paths" };
  for (const [body, says] of [
    ["", /JSON/],
    ["{", /JSON/],
    ["[".repeat(60_000), /JSON/],
    ["null", /request: /],
    ["[]", /request: /],
    [JSON.stringify({ ...start, shell: "rm" }), /shell/],
    [JSON.stringify({ experiment: "no-such-thing" }), /must be a known experiment/],
    [JSON.stringify({ experiment: "optimizer-path" }), /Did you mean optimizer-paths/],
    [JSON.stringify({ ...start, preset: "toString" }), /preset/],
    [JSON.stringify({ ...start, seed: -1 }), /seed/],
    [JSON.stringify({ ...start, seed: 2 ** 32 }), /seed/],
    [JSON.stringify({ ...start, dtype: "float16" }), /dtype/],
    [JSON.stringify({ ...start, backend: "cuda" }), /backend/],
    [JSON.stringify({ ...start, workers: 0 }), /workers/],
    [JSON.stringify({ ...start, settings: { iterations: 0 } }), /iterations: must be/],
    [JSON.stringify({ ...start, settings: { iterations: "many" } }), /iterations: must be/],
    [JSON.stringify({ ...start, settings: { iterations: { a: 1 } } }), /settings\.iterations/],
    [JSON.stringify({ ...start, settings: { constructor: 1 } }), /no such setting/],
    ['{"experiment":"optimizer-paths","settings":{"__proto__":{"iterations":5},"x":1}}', /no such setting|settings/],
  ] as const) {
    const { status, text } = await post(body);
    expect([body.slice(0, 60), status]).toEqual([body.slice(0, 60), 400]);
    expect(expectError(text, server).message).toMatch(says);
  }
  expect(await (await server.ask("/api/runs")).json()).toEqual({ runs: [], more: false });
});

test("ids, queries and paths that make no sense are told apart from those that are gone", async () => {
  const server = await openServer();
  const { port } = server;
  const host = `127.0.0.1:${port}`;
  for (const id of ["x", "%2e%2e", "latest", "20261124", "20261124-053012-3f2a", "1;drop table runs", "%00", "'"]) {
    const path = `/api/runs/${encodeURIComponent(id)}`;
    for (const rest of ["", "/events", "/run.json", "/series.csv", "/figure.svg"]) {
      const { status, text } = await raw(port, `${path}${rest}`, { host });
      expect([id, rest, status]).toEqual([id, rest, 404]);
      expectError(text, server);
    }
    expect((await raw(port, path, { host }, "DELETE")).status).toBe(404);
    expect((await raw(port, `${path}/stop`, { host }, "POST")).status).toBe(404);
  }
  for (const query of ["limit=0", "limit=x", "limit=1e9", "status=asleep", "before=x", "who=me"]) {
    expect([query, (await raw(port, `/api/runs?${query}`, { host })).status]).toEqual([query, 400]);
  }
  expect((await raw(port, "/api/runs?before=20261124-053012-3f2a", { host })).status).toBe(404);
  for (const [method, path] of [
    ["GET", "/api"],
    ["GET", "/api/"],
    ["GET", "/api/nothing"],
    ["PUT", "/api/runs"],
    ["POST", "/index.html"],
    ["DELETE", "/"],
    ["OPTIONS", "/api/runs"],
    ["TRACE", "/"],
  ]) {
    const { status, text } = await raw(port, path, { host }, method);
    expect([method, path, status]).toEqual([method, path, 404]);
    expectError(text, server);
  }
  expect(server.lines).toEqual([]);
});

test("every answer is strict with the browser, refusals too", async () => {
  const server = await openServer();
  const host = `127.0.0.1:${server.port}`;
  for (const [path, asked] of [
    ["/", host],
    ["/assets/main-Ab3_x-9Z.js", host],
    ["/api/info", host],
    ["/nothing", host],
    ["/", "evil.example"],
  ]) {
    const { headers } = await raw(server.port, path, { host: asked });
    expect(headers).toMatchObject({
      "content-security-policy": expect.stringMatching(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/),
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
    expect(headers["content-security-policy"]).not.toMatch(/unsafe-eval'? |script-src[^;]*unsafe-inline|https?:|\*/);
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  }
});
