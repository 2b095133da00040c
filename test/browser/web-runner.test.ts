import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dtype } from "../../src/core/tensor.ts";
import { chapter } from "../../src/experiments/registry.ts";
import { serveBed } from "../support/bed.ts";
import { openBrowser, type StaticSite, type TestBrowser, type TestPage } from "../support/browser.ts";
import { few } from "../support/few.ts";
import { largestLead } from "../support/largest-lead.ts";
import { runExperiment } from "../support/run-experiment.ts";
import type { Tanren } from "./bed/main.ts";

declare const tanren: Tanren;

let site: StaticSite;
let browser: TestBrowser;

beforeAll(async () => {
  [site, browser] = await Promise.all([serveBed(), openBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function openBed(): Promise<TestPage> {
  const page = await browser.open();
  await page.goto(site.url);
  return page;
}

/** Short runs of every experiment, as on the command line; one of them on all rows. */
const small = ["trainRows=500", "hiddenSizes=30,30"];
const short: Readonly<Record<string, readonly string[]>> = {
  "optimizer-paths": [],
  "optimizer-comparison": ["iterations=5"],
  "activation-histograms": ["rows=50"],
  "init-comparison": ["iterations=5", ...small],
  "batchnorm-scales": ["iterations=10", "scales=3", ...small],
  "batchnorm-gradcheck": ["rows=4", "hiddenWidth=10", "samples=3"],
  "weight-decay": ["iterations=5", ...small],
  dropout: ["iterations=5", ...small],
  "hyperparameter-search": ["trials=3", "epochs=1", ...small],
};

describe("the page's numbers are Node's, bit for bit, on plain SIMD", () => {
  const cases = chapter.flatMap(({ id }) => (["float32", "float64"] as Dtype[]).map((dtype) => [id, dtype] as const));
  let page: TestPage;

  beforeAll(async () => {
    page = await openBed();
  });

  test.each(few(4, cases))("%s in %s", async (id, dtype) => {
    const node = await runExperiment(id, { set: short[id], backend: "wasm-simd", dtype, workers: 1 });
    const { data = [], series, histograms, checks, events } = node;
    expect(series.length + histograms.length + checks.length).toBeGreaterThan(0);
    const wanted = { experiment: id, settings: node.settings, dtype };
    const web = await page.evaluate((asked) => tanren.run(asked), wanted);
    expect(web).toEqual({ data, series, histograms, checks, events, kernels: "wasm-simd" });
    expect(page.complaints).toEqual([]);
  });
});

test("one worker gives what two give", async () => {
  const page = await openBed();
  const wanted = { experiment: "optimizer-comparison", settings: { iterations: 30, trainRows: 500 } };
  const [one, two] = await page.evaluate(
    async (asked) => [await tanren.run({ ...asked, workers: 1 }), await tanren.run({ ...asked, workers: 2 })],
    wanted,
  );
  expect(one.series).toHaveLength(4);
  expect(one).toEqual(two);
  expect(page.complaints).toEqual([]);
  await page.close();
});

test.each(few(1, [1, 2, 3]))("runs that are compared come along together, on %i workers", async (workers) => {
  const page = await openBed();
  const wanted = {
    experiment: "optimizer-comparison",
    settings: { iterations: 300, trainRows: 500, hiddenSizes: [40, 40] },
    workers,
  };
  const events = await page.evaluate(async (asked) => {
    const going = tanren.begin(asked);
    await going.done;
    return going.events.filter(({ event }) => event.kind === "points" || event.kind === "progress");
  }, wanted);
  expect(largestLead(events, 4, 300)).toBeLessThanOrEqual(0.05);
  expect(page.complaints).toEqual([]);
  await page.close();
});

test("where memory may be shared, workers read one copy of the data and give the same numbers", async () => {
  const wanted = { experiment: "optimizer-comparison", settings: { iterations: 5, hiddenSizes: [10] } };
  const plain = await openBed();
  const expected = await plain.evaluate((asked) => tanren.run(asked), wanted);
  await plain.close();
  site.headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  const page = await openBed();
  expect(await page.evaluate(() => tanren.capabilities().sharedMemory)).toBe(true);
  expect(await page.evaluate((asked) => tanren.run(asked), wanted)).toEqual(expected);
  expect(page.complaints).toEqual([]);
  site.headers = {};
  await page.close();
});

describe("a run that a person holds", () => {
  const long = { experiment: "optimizer-comparison", settings: { iterations: 1_000_000, trainRows: 500 } };
  let page: TestPage;

  beforeAll(async () => {
    page = await openBed();
  });

  afterAll(async () => {
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  /** Begins a run and waits until each of its four tasks has made some iterations: one that begins later is not compared. */
  const begin = () =>
    page.evaluate(async (asked) => {
      const going = tanren.begin(asked);
      tanren.kept.going = going;
      while (going.iterations().filter((done) => done >= 20).length < 4) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }, long);

  test("pauses, makes the iterations that are stepped and no more, and goes on", async () => {
    await begin();
    const { paused, stepped } = await page.evaluate(async () => {
      const going = tanren.kept.going as ReturnType<typeof tanren.begin>;
      const rest = () => new Promise((resolve) => setTimeout(resolve, 200));
      // On a busy machine what was made before is told late: three readings must agree. It never ends where none pauses.
      const stillAt = async () => {
        for (let [same, last] = [0, ""]; ; await rest()) {
          const now = going.iterations();
          same = JSON.stringify(now) === last ? same + 1 : 0;
          last = JSON.stringify(now);
          if (same === 3) {
            return now;
          }
        }
      };
      going.runner.pace.pause();
      const before = await stillAt();
      going.runner.pace.step(3);
      while (!going.iterations().every((done, task) => done >= before[task] + 3)) {
        await rest();
      }
      const afterSteps = await stillAt();
      going.runner.pace.resume();
      while (!going.iterations().every((done, task) => done > afterSteps[task] + 3)) {
        await rest();
      }
      return { paused: before, stepped: afterSteps };
    });
    expect(stepped).toEqual(paused.map((done) => done + 3));
  });

  test("keeps to a speed", async () => {
    const { made, due } = await page.evaluate(async () => {
      const going = tanren.kept.going as ReturnType<typeof tanren.begin>;
      going.runner.pace.speed(50);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const before = going.iterations();
      const began = performance.now();
      const since = () => going.iterations().map((done, task) => done - before[task]);
      do {
        await new Promise((resolve) => setTimeout(resolve, 600));
      } while (Math.min(...since()) === 0);
      const made = since();
      going.runner.pace.speed(null);
      return { made, due: ((performance.now() - began) / 1000) * 50 };
    });
    // A machine that is busy makes fewer, but never more; what was told late was made before.
    expect(Math.max(...made)).toBeLessThanOrEqual(2 * due);
  });

  test("ends when it is cancelled while paused", async () => {
    // Were it not, it would never end: nobody resumes it.
    await page.evaluate(async () => {
      const going = tanren.kept.going as ReturnType<typeof tanren.begin>;
      going.runner.pace.pause();
      await new Promise((resolve) => setTimeout(resolve, 100));
      going.stop();
      await going.done;
    });
  });

  test("a worker that dies takes only its own tasks with it", async () => {
    await begin();
    const workers = page.workers();
    const names = await Promise.all(workers.map((one) => one.evaluate(() => self.name)));
    const worker = workers[names.indexOf("tanren")];
    await worker.evaluate(() => self.close()).catch(() => {});
    const failed = await page.evaluate(async () => {
      const going = tanren.kept.going as ReturnType<typeof tanren.begin>;
      const notes = () => going.recorded().events.filter((note) => note.kind === "failed");
      while (notes().length === 0 || going.iterations().filter((done) => done > 0).length < 3) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      going.stop();
      await going.done;
      return notes();
    });
    // Of the four runs, the two that took turns there.
    expect(failed).toHaveLength(2);
    expect(failed[0].message).toMatch(/Web Worker of \w+ must live until its task ends/);
    expect(failed[0].text).toHaveProperty("ja");
  });

  test("gives looks inside its networks from when they are asked for", async () => {
    await begin();
    const kinds = await page.evaluate(async () => {
      const going = tanren.kept.going as ReturnType<typeof tanren.begin>;
      const snapshots = () => going.events.flatMap(({ event }) => (event.kind === "snapshot" ? [event.snapshot] : []));
      const before = snapshots().length;
      going.runner.setWatch({ every: 10, histograms: true, weights: true, mistakes: true });
      while (snapshots().length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      going.stop();
      await going.done;
      const [{ layers, weights, mistakes }] = snapshots();
      const counts = layers[0].activations?.counts;
      return { before, counts: counts instanceof Uint32Array, pixels: weights?.pixels.length, rows: mistakes?.rows };
    });
    expect(kinds).toEqual({ before: 0, counts: true, pixels: expect.any(Number), rows: 1000 });
  });
});

test("an experiment's tasks that never ask between iterations are held by what they tell", async () => {
  const page = await openBed();
  const [held, after] = await page.evaluate(async () => {
    const going = tanren.begin({ experiment: "activation-histograms", settings: { rows: 50 }, workers: 1 });
    going.runner.pace.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = going.events.length;
    going.runner.pace.resume();
    await going.done;
    return [before, going.recorded().histograms.length];
  });
  expect(held).toBe(0);
  expect(after).toBe(35);
  await page.close();
});

test("without SIMD the page trains on plain loops and says so", async () => {
  const page = await browser.open();
  await page.addInitScript(() => {
    WebAssembly.validate = () => false;
  });
  await page.goto(site.url);
  const { trouble, run } = await page.evaluate(async () => ({
    trouble: tanren.browserTrouble(tanren.capabilities()),
    run: await tanren.run({ experiment: "optimizer-paths", backend: "auto" }),
  }));
  expect(trouble).toMatchObject({ trains: true, text: { en: expect.stringMatching(/plain loops/) } });
  expect(run.kernels).toBe("reference");
  expect(run.series).toHaveLength(8);
  const refused = await page.evaluate(() => {
    try {
      tanren.begin({ experiment: "optimizer-paths", backend: "wasm-simd" });
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  });
  expect(refused).toMatch(/needs a browser with WebAssembly SIMD/);
  await page.close();
});

describe("training by the library alone, without a runner", () => {
  test("in a Web Worker stops at a posted message", async () => {
    const page = await openBed();
    expect(await page.evaluate(() => tanren.stopInWorker())).toBeGreaterThan(0);
    expect(page.complaints).toEqual([]);
  });

  test("in the page's own thread lets it draw, and stops at a timer", async () => {
    const page = await openBed();
    const { steps, frames } = await page.evaluate(() => tanren.stopInPage());
    expect(steps).toBeGreaterThan(0);
    expect(frames).toBeGreaterThan(1);
  });
});
