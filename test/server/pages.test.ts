import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DataError } from "../../src/core/errors.ts";
import { openMemoryStore } from "../../src/store/runs/memory.ts";
import { clock, openServer, raw } from "./support.ts";

test("serves the built pages with their types; hashed files for good, the others to be asked for again", async () => {
  const server = await openServer();
  const page = await server.ask("/?lang=ja");
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("cache-control")).toBe("no-cache");
  expect(await page.text()).toContain("<title>Tanren</title>");
  const script = await server.ask("/assets/main-Ab3_x-9Z.js");
  expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect(script.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  const head = await server.ask("/index.html", { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
});

test("a file that is unchanged is not sent again, a changed one is", async () => {
  const server = await openServer();
  const first = await server.ask("/");
  const etag = first.headers.get("etag") ?? "";
  const again = await server.ask("/", { headers: { "if-none-match": `"other", W/${etag}` } });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  writeFileSync(join(server.folder.pages, "index.html"), "<!doctype html><title>Built anew</title>\n");
  const changed = await server.ask("/", { headers: { "if-none-match": etag } });
  expect(changed.status).toBe(200);
  expect(await changed.text()).toContain("Built anew");
});

test("packs text as the browser can take it", async () => {
  const server = await openServer();
  const host = `127.0.0.1:${server.port}`;
  const get = async (accepted: string) => {
    const answer = await fetch(`http://${host}/assets/main-Ab3_x-9Z.js`, { headers: { "accept-encoding": accepted } });
    return {
      encoding: answer.headers.get("content-encoding"),
      etag: answer.headers.get("etag"),
      text: await answer.text(),
    };
  };
  const [plain, gzip, br] = [await get("identity"), await get("gzip"), await get("gzip, deflate, br")];
  expect([plain, gzip, br].map(({ encoding }) => encoding)).toEqual([null, "gzip", "br"]);
  expect(new Set([plain, gzip, br].map(({ etag }) => etag)).size).toBe(3);
  expect(gzip.text).toBe(plain.text);
  expect(br.text).toBe(plain.text);
  expect((await get("br;q=0, gzip;q=0.5")).encoding).toBe("gzip");
  expect((await raw(server.port, "/", { host, "accept-encoding": "br" })).headers["content-encoding"]).toBeUndefined();
});

test("a port that is taken is said in one sentence, and so are pages that are not built", async () => {
  const server = await openServer();
  await expect(openServer({ port: server.port })).rejects.toThrow(
    `studio: must be able to listen, got port ${server.port}, which another program uses. Give another, or --port 0 for a free one.`,
  );
  await expect(openServer({ pages: join(server.folder.home, "nowhere") })).rejects.toThrow(/Run: npm run build:studio/);
});

test("where the runs that go on cannot be looked up none opens, and its port is free again", async () => {
  const { port, close } = await openServer();
  await close();
  const unreadable = Object.assign(openMemoryStore(clock), {
    abandoned: () => {
      throw new DataError({
        en: "run store: must be readable, got an error of the disk.",
        ja: "ディスクの読み書きでエラーが起きました。",
      });
    },
  });
  await expect(openServer({ port, store: unreadable })).rejects.toThrow("an error of the disk");
  expect((await openServer({ port })).port).toBe(port);
});
