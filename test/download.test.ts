import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import type { MnistFile } from "../src/data/mnist.ts";
import { type DownloadOptions, downloadMnist } from "../src/node/data/download.ts";
import { temporaryFolder } from "./support/cli.ts";

const plain = Buffer.from("handwritten digits ".repeat(4000));
const packed = gzipSync(plain, { level: 0 });

const md5 = createHash("md5").update(plain).digest("hex");
const files: readonly MnistFile[] = [{ name: "images", split: "train", part: "images", md5, bytes: plain.length }];
const download = (options: DownloadOptions) => downloadMnist({ files, ...options });

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A mirror on loopback; gives its address and the requests it has seen. */
async function mirror(answer: (request: IncomingMessage, response: ServerResponse, count: number) => void) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response, requests.length);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests };
}

const whole = (_: IncomingMessage, response: ServerResponse) => void response.end(packed);

/** Answers ranges, as real mirrors do. */
function ranged(request: IncomingMessage, response: ServerResponse): void {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, { "content-length": packed.length - from });
  response.end(packed.subarray(from));
}

test("a file is fetched, checked and unpacked, and not fetched twice", async () => {
  const folder = temporaryFolder();
  const { url, requests } = await mirror(whole);
  expect(await download({ folder, mirrors: [url] })).toEqual(["images"]);
  expect(readFileSync(join(folder, "images")).equals(plain)).toBe(true);
  expect(await download({ folder, mirrors: [url] })).toEqual([]);
  expect(requests.length).toBe(1);
  expect(readdirSync(folder)).toEqual(["images"]);
});

test("a connection cut in the middle is resumed from where it broke", async () => {
  const folder = temporaryFolder();
  const part = join(folder, "images.gz.part");
  const cut = await mirror(async (_, response) => {
    response.writeHead(200, { "content-length": packed.length });
    response.write(packed.subarray(0, 30_000));
    await expect.poll(() => statSync(part, { throwIfNoEntry: false })?.size ?? 0).toBeGreaterThan(0);
    response.destroy();
  });
  const sound = await mirror(ranged);
  expect(await download({ folder, mirrors: [cut.url, sound.url] })).toEqual(["images"]);
  const range = sound.requests[0].headers.range ?? "";
  expect(Number(/bytes=(\d+)-/.exec(range)?.[1])).toBeGreaterThan(0);
  expect(readFileSync(join(folder, "images")).equals(plain)).toBe(true);
});

test("wrong contents are thrown away and the next mirror is asked from the beginning", async () => {
  const folder = temporaryFolder();
  const wrong = await mirror((_, response) => void response.end(gzipSync("something else")));
  const sound = await mirror(ranged);
  expect(await download({ folder, mirrors: [wrong.url, sound.url] })).toEqual(["images"]);
  expect(sound.requests[0].headers.range).toBeUndefined();
});

test("a mirror that falls silent is given up in time", async () => {
  const folder = temporaryFolder();
  const silent = await mirror((_, response) => {
    response.writeHead(200, { "content-length": packed.length });
    response.write(packed.subarray(0, 1000));
  });
  const sound = await mirror(ranged);
  // Were it waited for, it would be for ever.
  await download({ folder, mirrors: [silent.url, sound.url], patience: 200 });
  expect(silent.requests.length).toBeGreaterThan(0);
});

test("when no mirror helps, each answer is told and no file has the right name", async () => {
  const folder = temporaryFolder();
  const missing = await mirror((_, response) => void response.writeHead(404).end());
  const damaged = await mirror((_, response) => void response.end(packed.subarray(0, 2000)));
  const other = await mirror((_, response) => void response.end("not gzip at all"));
  const endless = await mirror((_, response) => {
    const chunk = Buffer.alloc(64_000, 7);
    const pour = () => {
      while (!response.destroyed && response.write(chunk)) {
        // Until it is full.
      }
    };
    response.on("drain", pour);
    pour();
  });
  const gone = await mirror(whole);
  await new Promise((resolve) => servers.pop()?.close(resolve));
  await expect(
    download({ folder, mirrors: [missing, damaged, other, endless, gone].map(({ url }) => url) }),
  ).rejects.toThrow(/status 404.*damaged gzip.*a file whose MD5 is .*more bytes.*ECONNREFUSED/);
  expect(existsSync(join(folder, "images"))).toBe(false);
});

test("a damaged file that lies there already is replaced", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "images"), plain.subarray(0, 100));
  const { url } = await mirror(whole);
  expect(await download({ folder, mirrors: [url] })).toEqual(["images"]);
  expect(readFileSync(join(folder, "images")).equals(plain)).toBe(true);
});

test("an abort ends it at once and keeps what has come for the next time", async () => {
  const folder = temporaryFolder();
  const controller = new AbortController();
  const slow = await mirror((_, response) => {
    response.writeHead(200, { "content-length": packed.length });
    response.write(packed.subarray(0, 20_000));
  });
  const pending = download({
    folder,
    mirrors: [slow.url],
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await expect(pending).rejects.toThrow(/abort/i);
  expect(readdirSync(folder)).toEqual(["images.gz.part"]);
});

test("a folder that cannot be made is told at once, without the system's codes, and no mirror is asked", async () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  const sound = await mirror(ranged);
  await expect(download({ folder: join(file, "mnist"), mirrors: [sound.url] })).rejects.toThrow(
    /^MNIST: .*mnist must be writable, got a file where a folder should be\. Make it writable or set TANREN_HOME\.$/,
  );
  expect(sound.requests).toEqual([]);
});
