import { describe, expect, test } from "vitest";
import { runExperiment } from "../../test/support/run-experiment.ts";
import { type HyperValue, written } from "../core/hyper.ts";
import { notesOf } from "../core/note.ts";
import type { RunRecord } from "../core/record.ts";
import { lessons } from "./ch06/lessons.generated.ts";
import { byLoss, valueAt } from "./lesson-numbers.ts";
import { lastOf, meanOfEnd, runsOf, seriesOf } from "./series.ts";

type Set = Readonly<Record<string, HyperValue>>;

const done = new Map<string, Promise<RunRecord>>();
/** A run with the book's settings and these, once for all that is said of it; in the element type of the pages. */
function ran(id: string, set: Set = {}, seed = 0): Promise<RunRecord> {
  const key = JSON.stringify([id, set, seed]);
  const assigned = Object.entries(set).map(([name, value]) => `${name}=${written(value)}`);
  const run = done.get(key) ?? runExperiment(id, { set: assigned, seed, dtype: "float32" });
  done.set(key, run);
  return run;
}
const endLoss = (record: RunRecord, run: string) =>
  meanOfEnd(seriesOf(record, run, "loss")!.y) ?? Number.POSITIVE_INFINITY;
const test_ = (record: RunRecord, run: string) => lastOf(record, run, "testAccuracy") ?? Number.NaN;
const train = (record: RunRecord, run: string) => lastOf(record, run, "trainAccuracy") ?? Number.NaN;
const gap = (record: RunRecord, run: string) => train(record, run) - test_(record, run);

describe("every lesson's prediction has a truth that can be drawn, and its sentences have their numbers in every run it asks for", () => {
  test.each(Object.keys(lessons))(
    "%s",
    async (id) => {
      const lesson = await lessons[id]();
      const { task, set } = lesson.prediction;
      const record = await ran(id, set);
      const truth = task.truth(record);
      if (task.kind === "order") {
        expect([...truth].sort()).toEqual(task.items.map((item) => item.id).sort());
      } else {
        for (const value of truth) {
          expect(value).not.toBeNull();
          expect(value).toBeGreaterThanOrEqual(task.low - 1e-9);
          expect(value).toBeLessThanOrEqual(task.high * 1.05);
        }
      }
      const said = [lesson.prediction.lesson(record), lesson.says(record)].map((text) => JSON.stringify(text));
      for (const words of said) {
        expect(words).not.toMatch(/undefined|NaN|Infinity|–%/);
      }
    },
    600_000,
  );
});

test("activation-histograms: ends, middle, depth and width are as its story, fault and contrast say", async () => {
  const at = (record: RunRecord, kind: number, layer?: number) => {
    const layers = new Set(record.histograms.map((one) => one.layer)).size;
    return record.histograms[kind * layers + (layer ?? layers) - 1];
  };
  const meanSquare = ({ mean, stdOfOutputs }: { mean: number; stdOfOutputs: number }) => stdOfOutputs ** 2 + mean ** 2;
  const zero = (counts: readonly number[]) => counts[0] / counts.reduce((sum, n) => sum + n, 0);
  const [book, deep, wide] = await Promise.all([
    ran("activation-histograms"),
    ran("activation-histograms", { layers: 20, width: 100 }),
    ran("activation-histograms", { width: 400 }),
  ]);
  const ends = at(book, 0).counts;
  expect((ends[0] + ends.at(-1)!) / ends.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0.3);
  expect(ends[0]).toBeGreaterThan(2 * ends[15]);
  expect(at(book, 1).stdOfOutputs).toBeLessThan(0.03);
  expect(at(book, 1).mean).toBeCloseTo(0.5, 1);
  expect(at(book, 5).stdOfOutputs).toBeLessThan(0.6 * at(book, 5, 1).stdOfOutputs);
  expect(at(book, 6).stdOfOutputs).toBeGreaterThan(0.6 * at(book, 6, 1).stdOfOutputs);
  const left = meanSquare(at(deep, 5)) / meanSquare(at(deep, 5, 1));
  expect(left).toBeGreaterThan(1e-7);
  expect(left).toBeLessThan(2e-5);
  const kept = meanSquare(at(deep, 6)) / meanSquare(at(deep, 6, 1));
  expect(kept).toBeGreaterThan(0.2);
  expect(kept).toBeLessThan(5);
  expect(zero(at(deep, 6).counts)).toBeGreaterThan(0.3);
  expect(zero(at(deep, 6).counts)).toBeLessThan(0.75);
  for (const kind of [2, 3, 5, 6]) {
    expect(at(wide, kind).stdOfOutputs / at(book, kind).stdOfOutputs).toBeGreaterThan(0.5);
    expect(at(wide, kind).stdOfOutputs / at(book, kind).stdOfOutputs).toBeLessThan(2);
  }
  expect(at(deep, 0).counts[0]).toBeGreaterThan(2 * at(deep, 0).counts[15]);
});

test("batchnorm-gradcheck: two rows are enough, biases stay at 0, weights of 0 pass and prove nothing", async () => {
  const of = (record: RunRecord) => record.checks.filter(({ rows }) => rows !== 1);
  const biases = ["affine1.b", "affine2.b"];
  for (const rows of [2, 8, 100]) {
    const checks = of(await ran("batchnorm-gradcheck", { rows }));
    expect(checks.every(({ pass }) => pass)).toBe(true);
    expect(checks.filter(({ vacuous }) => vacuous).map(({ parameter }) => parameter)).toEqual(biases);
    expect(Math.max(...checks.map(({ maxRelError }) => maxRelError))).toBeLessThan(1e-7);
  }
  const faulty = of(await ran("batchnorm-gradcheck", { rows: 2, weightInit: 0 }));
  expect(faulty.every(({ pass }) => pass)).toBe(true);
  expect(faulty.filter(({ vacuous }) => !vacuous).length).toBeLessThanOrEqual(3);
});

test("batchnorm-scales: a window without, something everywhere with it; a lower rate is slow, a higher one shifts the best σ up", async () => {
  const scales = (record: RunRecord) =>
    [...new Set(record.series.map(({ tags }) => Number(tags.weightInitStd)))].sort((a, b) => a - b);
  const curve = (record: RunRecord, run: string, scale: number) =>
    record.series.find((series) => series.run === run && series.tags.weightInitStd === scale)!.y.map(Number);
  const end = (record: RunRecord, run: string, scale: number) => curve(record, run, scale).at(-1)!;
  const best = (record: RunRecord) =>
    scales(record).reduce((a, b) => (end(record, "batchnorm", b) > end(record, "batchnorm", a) ? b : a));
  const book = await ran("batchnorm-scales");
  const learns = scales(book).filter((scale) => end(book, "plain", scale) > 0.5);
  expect(learns.length).toBeGreaterThan(0);
  expect(learns.length).toBeLessThan(5);
  for (const scale of scales(book)) {
    expect(end(book, "batchnorm", scale)).toBeGreaterThan(0.2);
    if (scale < learns[0] / 2 || scale > learns.at(-1)! * 1.1) {
      expect(end(book, "plain", scale)).toBeLessThan(0.2);
    }
  }
  expect(scales(book).some((scale) => end(book, "plain", scale) > end(book, "batchnorm", scale))).toBe(true);
  const slow = await ran("batchnorm-scales", { lr: 0.0005, scales: 8 });
  const ends = scales(slow).map((scale) => end(slow, "batchnorm", scale));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  process.stdout.write(`slow: ${ends.map((value) => value.toFixed(2)).join(" ")}\n`);
  expect(mean(ends.slice(4))).toBeLessThan(0.3);
  expect(mean(ends.slice(0, 4))).toBeGreaterThan(0.6);
  expect(mean(ends.slice(0, 4))).toBeGreaterThan(mean(ends.slice(4)));
  const rise = scales(slow).map((scale) => end(slow, "batchnorm", scale) - curve(slow, "batchnorm", scale)[0]);
  expect(mean(rise)).toBeGreaterThan(0.02);
  const [low, high] = [
    await ran("batchnorm-scales", { scales: 8 }),
    await ran("batchnorm-scales", { scales: 8, lr: 0.1 }),
  ];
  process.stdout.write(`best σ: ${best(low)} → ${best(high)}\n`);
  expect(best(high)).toBeGreaterThan(best(low));
});

test("dropout: half is too much for six layers, 0.05 is ahead of 0.2 at this length, and the fault wants time", async () => {
  const book = await ran("dropout");
  expect(gap(book, "dropout=0.2")).toBeLessThan(gap(book, "dropout=0"));
  expect(train(book, "dropout=0.2")).toBeLessThan(train(book, "dropout=0"));
  const rising = (record: RunRecord, run: string, from: number) =>
    train(record, run) - valueAt(record, run, "trainAccuracy", from)!;
  expect(rising(book, "dropout=0.2", 600)).toBeGreaterThan(0.03);
  const half = await ran("dropout", { dropRatio: 0.5 });
  expect(train(half, "dropout=0.5")).toBeLessThan(0.3);
  const twentieth = await ran("dropout", { dropRatio: 0.05 });
  expect(test_(twentieth, "dropout=0.05")).toBeGreaterThan(test_(book, "dropout=0.2"));
  expect(train(twentieth, "dropout=0.05")).toBeGreaterThan(train(book, "dropout=0.2"));
  const long = await ran("dropout", { iterations: 3000 });
  expect(train(long, "dropout=0.2")).toBeGreaterThan(train(book, "dropout=0.2") + 0.05);
  const fault = await ran("dropout", { dropRatio: 0.3, iterations: 301 });
  process.stdout.write(
    `fault: ${train(fault, "dropout=0.3")} ${test_(fault, "dropout=0.3")} without ${train(fault, "dropout=0")} ${test_(fault, "dropout=0")}\n`,
  );
  expect(train(fault, "dropout=0.3")).toBeLessThan(0.7 * train(fault, "dropout=0"));
  expect(test_(fault, "dropout=0.3")).toBeLessThan(0.7 * test_(fault, "dropout=0"));
  expect(Math.abs(gap(fault, "dropout=0.3"))).toBeLessThan(0.1);
  expect(rising(fault, "dropout=0.3", 150)).toBeGreaterThan(0.01);
});

test("hyperparameter-search: most of the range learns nothing, five digits tie, and the best lie beyond the book's range", async () => {
  const trials = (record: RunRecord) =>
    record.series
      .filter(({ metric }) => metric === "valAccuracy")
      .map(({ tags, y }) => ({
        lr: Number(tags.lr),
        weightDecay: Number(tags.weightDecay),
        accuracy: Number(y.at(-1)),
      }))
      .sort((a, b) => b.accuracy - a.accuracy);
  const lesson = await lessons["hyperparameter-search"]();
  const predicted = lesson.prediction.task.truth(await ran("hyperparameter-search", lesson.prediction.set)).map(Number);
  process.stdout.write(`quarters: ${predicted.map((value) => value.toFixed(2)).join(" ")}\n`);
  expect(Math.max(...predicted.slice(0, 3))).toBeLessThan(0.35);
  expect(predicted[3]).toBeGreaterThan(Math.max(...predicted.slice(0, 3)));
  const book = trials(await ran("hyperparameter-search"));
  const decays = book.slice(0, 20).map(({ weightDecay }) => Math.log10(weightDecay));
  expect(Math.max(...decays) - Math.min(...decays)).toBeGreaterThan(2.5);
  const few = trials(await ran("hyperparameter-search", lesson.fault.set));
  expect(few.every(({ accuracy }) => Math.abs(accuracy * 5 - Math.round(accuracy * 5)) < 1e-6)).toBe(true);
  const places = Map.groupBy(few, ({ accuracy }) => accuracy);
  const largestPlace = Math.max(...[...places.values()].map((tied) => tied.length));
  process.stdout.write(`places: ${places.size}, the most at one: ${largestPlace} of ${few.length}\n`);
  expect(few).toHaveLength(40);
  expect(places.size).toBeLessThanOrEqual(6);
  expect(largestPlace).toBeGreaterThan(few.length / 6);
  const wide = trials(await ran("hyperparameter-search", lesson.contrast.sides[1].set));
  process.stdout.write(
    `best lr: ${wide
      .slice(0, 5)
      .map(({ lr, accuracy }) => `${lr.toExponential(1)} ${accuracy}`)
      .join(", ")}\n`,
  );
  for (const { lr } of wide.slice(0, 3)) {
    expect(lr).toBeGreaterThan(1e-2);
    expect(lr).toBeLessThan(0.28);
  }
  const largest = [...wide].sort((a, b) => b.lr - a.lr).slice(0, 2);
  process.stdout.write(
    `largest lr: ${largest.map(({ lr, accuracy }) => `${lr.toExponential(1)} ${accuracy}`).join(", ")}\n`,
  );
  expect(Math.max(...largest.map(({ accuracy }) => accuracy))).toBeLessThan(wide[0].accuracy);
});

test("init-comparison: 0.01 waits whatever the rate, tanh brings Xavier closer to He, sigmoid stops all, weights of 1 are huge", async () => {
  const book = await ran("init-comparison");
  expect(endLoss(book, "std=0.01")).toBeGreaterThan(2.28);
  expect(byLoss(book)[0]).toBe("He");
  const gradients = (run: string) => {
    const note = notesOf(book, "diagnostic").find((one) => one.run === run && one.step === 0);
    return JSON.stringify(note).slice(0, 600);
  };
  process.stdout.write(`${gradients("std=0.01")}\n${gradients("He")}\n`);
  const tanh = await ran("init-comparison", { activation: "tanh", iterations: 600 });
  process.stdout.write(
    `tanh: ${runsOf(tanh)
      .map((run) => `${run} ${endLoss(tanh, run).toFixed(3)}`)
      .join(", ")}\n`,
  );
  const relu = await ran("init-comparison", { iterations: 600 });
  const behind = (record: RunRecord) => endLoss(record, "Xavier") - endLoss(record, "He");
  process.stdout.write(`Xavier behind He: relu ${behind(relu)}, tanh ${behind(tanh)}\n`);
  expect(behind(tanh)).toBeLessThan(0.75 * behind(relu));
  const fast = await ran("init-comparison", { lr: 0.1 });
  process.stdout.write(
    `lr 0.1: ${runsOf(fast)
      .map((run) => `${run} ${endLoss(fast, run).toFixed(3)}`)
      .join(", ")}\n`,
  );
  expect(endLoss(fast, "std=0.01")).toBeGreaterThan(2.2);
  expect(endLoss(fast, "He")).toBeLessThan(endLoss(book, "He"));
  expect(endLoss(fast, "Xavier")).toBeLessThan(endLoss(book, "Xavier"));
  const sigmoid = await ran("init-comparison", { activation: "sigmoid", iterations: 400 });
  for (const run of runsOf(sigmoid)) {
    expect(endLoss(sigmoid, run)).toBeGreaterThan(2.2);
  }
  const fault = await ran("init-comparison", { "He.weightInit": 1, iterations: 300 });
  const first = seriesOf(fault, "He", "loss")!.y[0];
  process.stdout.write(`weights of 1: first ${first}, end ${endLoss(fault, "He")}\n`);
  expect(first === null || first > 10).toBe(true);
  expect(endLoss(fault, "He")).toBeGreaterThan(2);
});

test("optimizer-comparison: the rate decides the rank, rates far off do not learn, and dividing rules survive tiny weights", async () => {
  const book = await ran("optimizer-comparison");
  expect(byLoss(book).at(-1)).toBe("SGD");
  for (const lr of [0.1, 0.3]) {
    const faster = await ran("optimizer-comparison", { "SGD.lr": lr });
    expect(endLoss(faster, "SGD")).toBeLessThan(0.5 * endLoss(book, "SGD"));
  }
  const predicted = await ran("optimizer-comparison", { "SGD.lr": 0.1, iterations: 1000 });
  process.stdout.write(`SGD 0.1: ${byLoss(predicted).join(", ")}\n`);
  expect(byLoss(predicted).indexOf("SGD")).toBeLessThan(3);
  const adam = await ran("optimizer-comparison", { "Adam.lr": 0.1 });
  process.stdout.write(`Adam 0.1: ${endLoss(adam, "Adam")}\n`);
  expect(endLoss(adam, "Adam")).toBeGreaterThan(1);
  const fault = await ran("optimizer-comparison", { "SGD.lr": 3, "Momentum.lr": 1, iterations: 200 });
  process.stdout.write(
    `fault: ${runsOf(fault)
      .map((run) => `${run} ${endLoss(fault, run)}`)
      .join(", ")}\n`,
  );
  for (const run of ["SGD", "Momentum"]) {
    expect(endLoss(fault, run)).toBeGreaterThan(2);
  }
  for (const run of ["AdaGrad", "Adam"]) {
    expect(endLoss(fault, run)).toBeLessThan(0.7);
  }
  const small = await ran("optimizer-comparison", { iterations: 400, weightInit: 0.01 });
  process.stdout.write(
    `0.01: ${runsOf(small)
      .map((run) => `${run} ${endLoss(small, run)}`)
      .join(", ")}\n`,
  );
  for (const run of ["SGD", "Momentum"]) {
    expect(endLoss(small, run)).toBeGreaterThan(2.25);
  }
  for (const run of ["AdaGrad", "Adam"]) {
    expect(endLoss(small, run)).toBeLessThan(2);
  }
});

test("weight-decay: a larger λ unlearns, more digits narrow the gap and raise the test accuracy", async () => {
  const book = await ran("weight-decay");
  expect(train(book, "decay=0")).toBe(1);
  expect(gap(book, "decay=0.1")).toBeLessThan(gap(book, "decay=0"));
  expect(train(book, "decay=0.1")).toBeLessThan(train(book, "decay=0"));
  const late = (metric: string) => lastOf(book, "decay=0", metric)! - valueAt(book, "decay=0", metric, 600)!;
  process.stdout.write(`after 600: training +${late("trainAccuracy")}, test +${late("testAccuracy")}\n`);
  const half = await ran("weight-decay", { weightDecay: 0.5 });
  process.stdout.write(`λ 0.5: ${train(half, "decay=0.5")} ${test_(half, "decay=0.5")}\n`);
  expect(Math.abs(gap(half, "decay=0.5"))).toBeLessThan(0.05);
  expect(train(half, "decay=0.5")).toBeLessThan(0.5);
  const fault = await ran("weight-decay", { weightDecay: 1, iterations: 300 });
  process.stdout.write(`λ 1: ${train(fault, "decay=1")} ${test_(fault, "decay=1")}\n`);
  expect(train(fault, "decay=1")).toBeLessThan(0.25);
  expect(Math.abs(gap(fault, "decay=1"))).toBeLessThan(0.05);
  const small = await ran("weight-decay", { weightDecay: 0.01 });
  expect(test_(small, "decay=0.01")).toBeGreaterThan(test_(book, "decay=0.1"));
  const more = await ran("weight-decay", { trainRows: 3000 });
  expect(gap(more, "decay=0")).toBeLessThan(gap(book, "decay=0"));
  expect(test_(more, "decay=0")).toBeGreaterThan(test_(book, "decay=0"));
});

test("optimizer-paths: factors, turns and noise are as its story, fault and contrast say", async () => {
  const at = (record: RunRecord, run: string, axis: "x" | "y") => seriesOf(record, run, axis)!.y.map(Number);
  const book = await ran("optimizer-paths");
  const turns = (values: readonly number[]) => values.slice(1).filter((value, i) => value * values[i] < 0).length;
  expect(turns(at(book, "SGD", "y"))).toBeGreaterThan(20);
  const half = at(await ran("optimizer-paths", { "SGD.lr": 0.5 }), "SGD", "y");
  expect(half.slice(1).every((y) => Math.abs(y) < 1e-6)).toBe(true);
  const beyond = at(await ran("optimizer-paths", { "SGD.lr": 1.05 }), "SGD", "y").map(Math.abs);
  expect(beyond.slice(1).every((y, i) => y > beyond[i])).toBe(true);
  const fault = await ran("optimizer-paths", { "SGD.lr": 1.02 });
  const [x, y] = [at(fault, "SGD", "x"), at(fault, "SGD", "y")];
  expect(y[1] / y[0]).toBeCloseTo(-1.04, 3);
  expect(x[1] / x[0]).toBeCloseTo(0.898, 3);
  const calm = await ran("optimizer-paths", { "Momentum.momentum": 0.5 });
  const swing = (record: RunRecord) => Math.max(...at(record, "Momentum", "y").slice(5).map(Math.abs));
  expect(swing(calm)).toBeLessThan(0.5 * swing(book));
  const noisy = await ran("optimizer-paths", { surface: "noisy" });
  const across = (run: string) => {
    const last = at(noisy, run, "y").slice(-10).map(Math.abs);
    return last.reduce((sum, y) => sum + y, 0) / last.length;
  };
  for (const run of ["Momentum", "AdaGrad", "Adam"]) {
    expect(across("SGD")).toBeGreaterThan(2 * across(run));
  }
});
