import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
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
  page = await browser.open();
  await page.goto(site.url);
});

afterEach(async () => {
  await page.close();
});

const at = "2026-11-24T05:30:12.000Z";

test("a run is kept: its record, its marks, and the order of the list", async () => {
  const found = await page.evaluate(async (startedAt) => {
    const shelf = await tanren.openBrowserShelf();
    const first = await shelf.begin(tanren.info("dropout", startedAt));
    first.append(tanren.points([1, 2]));
    first.append(tanren.points([3], 2));
    await first.finish("done", { total: 2, train: 1 });
    const second = await shelf.begin(tanren.info("dropout", "2026-11-25T05:30:12.000Z"));
    await second.finish("failed", { total: 1, train: 1 });
    await shelf.mark(first.id, { label: "mine", pinned: true });
    shelf.close();
    const again = await tanren.openBrowserShelf();
    const list = await again.list();
    return { list, run: await again.get(first.id), ids: [second.id, first.id], warning: again.warning };
  }, at);
  expect(found.list.map(({ id }) => id)).toEqual(found.ids);
  expect(found.list.map(({ status }) => status)).toEqual(["failed", "done"]);
  expect(found.run).toMatchObject({
    ...{ experiment: "dropout", startedAt: at, status: "done", label: "mine", pinned: true },
    ...{ seconds: { total: 2, train: 1 }, series: [{ run: "SGD", metric: "loss", x: [0, 1, 2], y: [1, 2, 3] }] },
  });
  expect(found.warning).toBeNull();
  expect(page.complaints).toEqual([]);
});

test("a page that is reloaded in the middle of training keeps what was recorded, as interrupted", async () => {
  const recorded = await page.evaluate(async (startedAt) => {
    const shelf = await tanren.openBrowserShelf();
    const writer = await shelf.begin(tanren.info("optimizer-comparison", startedAt));
    const going = tanren.begin({
      experiment: "optimizer-comparison",
      settings: { iterations: 1_000_000, trainRows: 500, hiddenSizes: [20] },
    });
    let taken = 0;
    const take = () => {
      writer.append(going.events.slice(taken));
      taken = going.events.length;
    };
    const timer = setInterval(take, 50);
    while ((going.iterations()[0] ?? 0) < 200) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const y = [...going.recorded().series[0].y];
    // Long enough for a write; the run goes on.
    await new Promise((resolve) => setTimeout(resolve, 800));
    tanren.kept.timer = timer;
    return { status: (await shelf.list())[0].status, y };
  }, at);
  expect(recorded.status).toBe("running");
  await page.reload();
  const [run] = await page.evaluate(async () => {
    const shelf = await tanren.openBrowserShelf();
    return Promise.all((await shelf.list()).map(({ id }) => shelf.get(id)));
  });
  expect(run.status).toBe("interrupted");
  expect(recorded.y.length).toBeGreaterThanOrEqual(200);
  expect(run.series[0].y.slice(0, recorded.y.length)).toEqual(recorded.y);
});

test("a run of another tab is running until that tab is gone, and cannot be deleted before", async () => {
  const other = await browser.tab(page);
  await other.goto(site.url);
  const id = await other.evaluate(async (startedAt) => {
    const shelf = await tanren.openBrowserShelf();
    const writer = await shelf.begin(tanren.info("dropout", startedAt));
    writer.append(tanren.points([1]));
    return writer.id;
  }, at);
  const seen = await page.evaluate(async (run) => {
    const shelf = await tanren.openBrowserShelf();
    const [{ status }] = await shelf.list();
    tanren.kept.shelf = shelf;
    tanren.kept.changed = new Promise<void>((resolve) => shelf.subscribe(resolve));
    const refusal = await shelf.delete(run).catch((error) => error.message);
    return { status, refusal };
  }, id);
  expect(seen).toEqual({ status: "running", refusal: expect.stringMatching(/still runs\. Stop it first/) });
  await other.close();
  const after = await page.evaluate(async (run) => {
    const shelf = tanren.kept.shelf as Awaited<ReturnType<typeof tanren.openBrowserShelf>>;
    await tanren.kept.changed;
    const [{ status }] = await shelf.list();
    await shelf.delete(run);
    return [status, (await shelf.list()).length];
  }, id);
  expect(after).toEqual(["interrupted", 0]);
});

test("what one tab does, another is told of", async () => {
  const other = await browser.tab(page);
  await other.goto(site.url);
  await other.evaluate(async () => {
    const shelf = await tanren.openBrowserShelf();
    tanren.kept.shelf = shelf;
    tanren.kept.changed = new Promise<void>((resolve) => shelf.subscribe(resolve));
  });
  await page.evaluate(async (startedAt) => {
    const shelf = await tanren.openBrowserShelf();
    await (await shelf.begin(tanren.info("dropout", startedAt))).finish("done", { total: 1, train: 1 });
  }, at);
  const runs = await other.evaluate(async () => {
    await tanren.kept.changed;
    return (await (tanren.kept.shelf as Awaited<ReturnType<typeof tanren.openBrowserShelf>>).list()).length;
  });
  expect(runs).toBe(1);
  await other.close();
});

test("a full disk is said in words, loses nothing while the page lives, and is written when there is room", async () => {
  const session = await page.context().newCDPSession(page);
  const quota = (quotaSize?: number) =>
    session.send("Storage.overrideQuotaForOrigin", { origin: new URL(site.url).origin, quotaSize });
  // Before anything is kept: the browser grants space in advance.
  await quota(3_000_000);
  await page.evaluate(async (startedAt) => {
    const shelf = await tanren.openBrowserShelf();
    const writer = await shelf.begin(tanren.info("dropout", startedAt));
    const old = await shelf.begin(tanren.info("dropout", "2026-11-23T05:30:12.000Z"));
    await old.finish("done", { total: 1, train: 1 });
    Object.assign(tanren.kept, { shelf, writer, old: old.id });
  }, at);
  const full = await page.evaluate(async () => {
    const shelf = tanren.kept.shelf as Awaited<ReturnType<typeof tanren.openBrowserShelf>>;
    const writer = tanren.kept.writer as Awaited<ReturnType<typeof shelf.begin>>;
    const points = 300_000;
    writer.append(tanren.points(Array.from({ length: points }, (_, i) => i / 7)));
    await writer.finish("done", { total: 1, train: 1 });
    const { warning } = shelf;
    const lost = points - (await shelf.get(writer.id)).series[0].y.length;
    return { warning, lost, place: shelf.place };
  });
  expect(full).toEqual({
    warning: { en: expect.stringMatching(/storage is full: the run goes on/), ja: expect.stringMatching(/いっぱい/) },
    lost: 0,
    place: "browser",
  });
  await quota();
  const written = await page.evaluate(async () => {
    const shelf = tanren.kept.shelf as Awaited<ReturnType<typeof tanren.openBrowserShelf>>;
    await shelf.delete(tanren.kept.old as string);
    const { warning } = shelf;
    shelf.close();
    const [run] = await (await tanren.openBrowserShelf()).list();
    return { warning, status: run.status };
  });
  expect(written).toEqual({ warning: null, status: "done" });
});

test("without IndexedDB runs are kept in memory, and the shelf says so", async () => {
  const bare = await browser.open();
  await bare.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("not allowed here", "SecurityError");
    };
  });
  await bare.goto(site.url);
  const kept = await bare.evaluate(async (startedAt) => {
    const shelf = await tanren.openBrowserShelf();
    const writer = await shelf.begin(tanren.info("dropout", startedAt));
    writer.append(tanren.points([1, 2]));
    await writer.finish("done", { total: 1, train: 1 });
    return { place: shelf.place, warning: shelf.warning, y: (await shelf.get(writer.id)).series[0].y };
  }, at);
  expect(kept).toMatchObject({ place: "memory", y: [1, 2], warning: { en: expect.stringMatching(/keeps no data/) } });
  expect(bare.complaints).toEqual([]);
  await bare.close();
});

test("a database of a newer studio is left alone, and one that becomes newer is let go", async () => {
  const raise = (name: string) =>
    new Promise<void>((resolve) => {
      const request = indexedDB.open(name, 99);
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
    });
  await page.evaluate(raise, "newer");
  const places = await page.evaluate(async (startedAt) => {
    const newer = await tanren.openBrowserShelf({ name: "newer" });
    const shelf = await tanren.openBrowserShelf({ name: "raised" });
    const writer = await shelf.begin(tanren.info("dropout", startedAt));
    writer.append(tanren.points([1, 2]));
    Object.assign(tanren.kept, { shelf, writer });
    return [newer.place, shelf.place];
  }, at);
  expect(places).toEqual(["memory", "browser"]);
  await page.evaluate(raise, "raised");
  const after = await page.evaluate(async () => {
    const shelf = tanren.kept.shelf as Awaited<ReturnType<typeof tanren.openBrowserShelf>>;
    const writer = tanren.kept.writer as Awaited<ReturnType<typeof shelf.begin>>;
    writer.append(tanren.points([3], 2));
    await writer.finish("done", { total: 1, train: 1 });
    return { place: shelf.place, warning: shelf.warning, y: (await shelf.get(writer.id)).series[0].y };
  });
  expect(after).toMatchObject({ place: "memory", y: [1, 2, 3], warning: { ja: expect.stringMatching(/別のタブ/) } });
});

test("exported runs can be imported elsewhere, and other files are refused whole", async () => {
  const { runs, ids, again, refusals, rest } = await page.evaluate(async (startedAt) => {
    const shelf = await tanren.openBrowserShelf();
    const writer = await shelf.begin(tanren.info("dropout", startedAt));
    writer.append(tanren.points([1, Number.NaN, 3]));
    await writer.finish("done", { total: 1, train: 1 });
    const text = await shelf.export([writer.id]);
    const elsewhere = await tanren.openBrowserShelf({ name: "elsewhere" });
    const imported = await elsewhere.import(text);
    const twice = await elsewhere.import(text);
    const { id: _id, status: _status, label: _label, pinned: _pinned, ...record } = await shelf.get(writer.id);
    const [fromRecord] = await elsewhere.import(JSON.stringify(record));
    const broken = [
      "<script>",
      "null",
      "[]",
      JSON.stringify({ ...record, experiment: "<img src=x>" }),
      JSON.stringify({ ...record, series: [{ run: "SGD", tags: {}, metric: "loss", x: [0], y: ["x"] }] }),
      JSON.stringify({ format: "tanren-runs", runs: [record, { ...record, seed: "1" }] }),
    ];
    const said: string[] = [];
    for (const one of broken) {
      said.push(await elsewhere.import(one).then(String, (error) => error.message));
    }
    return {
      runs: [await shelf.get(writer.id), await elsewhere.get(imported[0]), await elsewhere.get(fromRecord)],
      ids: imported,
      again: twice,
      refusals: said,
      rest: (await elsewhere.list()).length,
    };
  }, at);
  expect(again).toEqual(ids);
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[2].series).toEqual(runs[0].series);
  expect(runs[0].series[0].y).toEqual([1, null, 3]);
  expect(refusals).toEqual(refusals.map(() => expect.stringMatching(/^import: the file must hold runs/)));
  expect(rest).toBe(2);
});

test("where the second of two imported runs does not fit, whoever watches the shelf sees the first", async () => {
  const { said, seen } = await page.evaluate(async (startedAt) => {
    const shelf = await tanren.openBrowserShelf();
    const ids: string[] = [];
    for (const name of ["dropout", "weight-decay"]) {
      const writer = await shelf.begin(tanren.info(name, startedAt));
      await writer.finish("done", { total: 1, train: 1 });
      ids.push(writer.id);
    }
    const text = await shelf.export(ids);
    const elsewhere = await tanren.openBrowserShelf({ name: "small" });
    let looks = Promise.resolve<string[]>([]);
    elsewhere.subscribe(() => {
      looks = elsewhere.list().then((list) => list.map(({ experiment }) => experiment));
    });
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (value: { info?: { experiment?: string } }, ...rest) {
      if (value.info?.experiment === "weight-decay") {
        throw new DOMException("full", "QuotaExceededError");
      }
      return put.call(this, value, ...rest);
    };
    try {
      const said = await elsewhere.import(text).then(String, (error) => error.message as string);
      return { said, seen: await looks };
    } finally {
      IDBObjectStore.prototype.put = put;
    }
  }, at);
  expect(said).toMatch(/storage|room|full/i);
  expect(seen).toEqual(["dropout"]);
});
