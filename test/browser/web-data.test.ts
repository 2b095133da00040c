import { crc32, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { notesOf } from "../../src/core/note.ts";
import { loadDataset } from "../../src/node/data/datasets.ts";
import { serveBed } from "../support/bed.ts";
import { openBrowser, type StaticSite, type TestBrowser, type TestPage } from "../support/browser.ts";
import type { Tanren } from "./bed/main.ts";

declare const tanren: Tanren;

let site: StaticSite;
let browser: TestBrowser;
let page: TestPage;

beforeAll(async () => {
  [site, browser] = await Promise.all([serveBed(), openBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

beforeEach(async () => {
  site.intercept = null;
  page = await browser.open();
  await page.goto(site.url);
  site.requests.length = 0;
});

afterEach(async () => {
  await page.close();
});

/** Loads rows in the page; a short summary of them, or the error's sentence in both languages. */
function load(rows: { train: number; test: number }) {
  return page.evaluate(async (needed) => {
    try {
      const { train, test } = await tanren.loadMnist({
        baseUrl: tanren.baseUrl,
        rows: needed,
        pauses: [20, 40],
        signal: new AbortController().signal,
      });
      const sums = ({ images, labels }: typeof train) => [
        tanren.crc32(images.data),
        tanren.crc32(Uint8Array.from(labels)),
      ];
      return [train, test].map((split) => [split.images.count, ...sums(split)]);
    } catch (error) {
      return (error as Error & { text: unknown }).text;
    }
  }, rows);
}

test("the first 1,000 rows need one piece of each part, and all rows are MNIST's", async () => {
  const small = { experiment: "weight-decay", settings: { iterations: 3, trainRows: 300 } };
  const { series } = await page.evaluate((wanted) => tanren.run(wanted), small);
  expect(series).toHaveLength(4);
  const pieces = site.requests.filter((path) => path.endsWith(".bin"));
  expect(pieces.filter((path) => path.includes("train-"))).toHaveLength(1);

  const { train, test: held } = await loadDataset("mnist");
  const expected = [train, held].map(({ images, labels }) => [
    images.count,
    crc32(images.data),
    crc32(Uint8Array.from(labels)),
  ]);
  expect(await load({ train: Number.MAX_SAFE_INTEGER, test: Number.MAX_SAFE_INTEGER })).toEqual(expected);
  expect(page.complaints).toEqual([]);
});

test("progress grows to the end, and what was loaded once comes from the browser's cache", async () => {
  const preload = () =>
    page.evaluate(async () => {
      await tanren.data().preload({ train: 6000, test: 1000 });
      // The worker's last words are under way.
      await new Promise((resolve) => setTimeout(resolve, 100));
      return tanren.progress;
    });
  const progress = await preload();
  const last = progress.at(-1)!;
  expect(last).toMatchObject({ bytes: last.total, rows: { train: 6000, test: 1000 } });
  expect(progress.map(({ bytes }) => bytes)).toEqual(progress.map(({ bytes }) => bytes).toSorted((a, b) => a - b));
  expect(site.requests.filter((path) => path.endsWith(".bin"))).toHaveLength(3);
  await page.reload();
  site.requests.length = 0;
  expect((await preload()).at(-1)!.rows).toEqual({ train: 6000, test: 1000 });
  expect(site.requests.filter((path) => path.endsWith(".bin"))).toEqual([]);
  expect(page.complaints).toEqual([]);
});

test("a server that sends the pieces as gzip-encoded is fine too", async () => {
  site.intercept = (path, response) => {
    site.headers = path.endsWith(".bin") ? { "content-encoding": "gzip" } : {};
    return response.writableEnded;
  };
  const progress = await page.evaluate(async () => {
    await tanren.data().preload({ train: 1000, test: 0 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    return tanren.progress.at(-1)!;
  });
  site.headers = {};
  expect(progress).toMatchObject({ bytes: progress.total, rows: { train: 1000 } });
});

test("a network that is lost for a moment in the middle of a piece is not noticed", async () => {
  let cuts = 2;
  site.intercept = (path, response) => {
    if (!path.includes("train-00") || cuts === 0) {
      return false;
    }
    cuts--;
    response.writeHead(200, { "content-length": "100000" });
    response.write(Buffer.alloc(500), () => response.destroy());
    return true;
  };
  expect(await load({ train: 10, test: 0 })).toEqual([
    [10, expect.any(Number), expect.any(Number)],
    [0, 0, 0],
  ]);
  expect(cuts).toBe(0);
});

test("a network that stays lost is said in words, and the next run finds what has been loaded", async () => {
  site.intercept = (path, response) => {
    if (!path.includes("train-01")) {
      return false;
    }
    response.destroy();
    return true;
  };
  const wanted = { experiment: "optimizer-comparison", settings: { iterations: 2, trainRows: 2000, hiddenSizes: [5] } };
  const failed = await page.evaluate((asked) => tanren.run(asked), wanted);
  expect(failed.events.map(({ kind }) => kind)).toEqual(["failed", "failed", "failed", "failed"]);
  const [{ message, text }] = notesOf(failed, "failed");
  expect(message).toMatch(/train-01-\w+\.bin must be reachable, got no answer\. Check the network/);
  expect(text).toHaveProperty("ja", expect.stringMatching(/接続できません/));
  site.intercept = null;
  site.requests.length = 0;
  const again = await page.evaluate((asked) => tanren.run(asked), wanted);
  expect(again.series).toHaveLength(4);
  expect(site.requests.filter((path) => path.endsWith(".bin"))).toEqual([expect.stringMatching(/train-01/)]);
});

test("wrong bytes, a piece cut short, too many bytes and a missing piece are each refused with the reason", async () => {
  const answer = (status: number, bytes: Buffer) => {
    site.intercept = (path, response) => {
      if (path.includes("train-00")) {
        response.writeHead(status).end(bytes);
        return true;
      }
      return false;
    };
  };
  const rows = { train: 1, test: 0 };
  const damaged = { en: expect.stringMatching(/must hold the bytes that its checksum stands for, got others/) };
  for (const bytes of [
    gzipSync(Buffer.alloc(785_000)),
    gzipSync(Buffer.alloc(1000)),
    gzipSync(Buffer.alloc(2_000_000)),
    Buffer.from("x"),
  ]) {
    answer(200, bytes);
    expect(await load(rows)).toMatchObject(damaged);
  }
  answer(404, Buffer.alloc(0));
  site.requests.length = 0;
  expect(await load(rows)).toMatchObject({ en: expect.stringMatching(/must be there, got HTTP status 404/) });
  // What is not there is not asked for three times.
  expect(site.requests.filter((path) => path.includes("train-00"))).toHaveLength(1);
  site.intercept = (path, response) => {
    response.end("<html>");
    return path !== "";
  };
  expect(await load(rows)).toMatchObject({ ja: expect.stringMatching(/データ目録/) });
});

test("a worker whose program cannot be fetched fails in words, and starts when the network is back", async () => {
  site.intercept = (path, response) => {
    if (/assets\/(data-)?worker/.test(path)) {
      response.destroy();
      return true;
    }
    return false;
  };
  const wanted = { experiment: "optimizer-comparison", settings: { iterations: 2, trainRows: 10, hiddenSizes: [5] } };
  const dead = notesOf(await page.evaluate((asked) => tanren.run(asked), wanted), "failed");
  expect(dead).toHaveLength(4);
  expect(dead[0].message).toMatch(/could not start or died.*Check the network and run it again/);
  site.intercept = null;
  const again = await page.evaluate((asked) => tanren.run(asked), wanted);
  expect(again.series).toHaveLength(4);
});

test("loading ends when it is cancelled", async () => {
  site.intercept = (path) => path.includes("train-00");
  // The piece never comes.
  const ended = await page.evaluate(async () => {
    const going = tanren.begin({ experiment: "weight-decay", settings: { trainRows: 10 } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    going.stop();
    await going.done;
    return going.recorded().events.length;
  });
  expect(ended).toBe(0);
});
