import { expect, test } from "vitest";
import { RandomStream } from "../core/random.ts";
import type { Split } from "../data/dataset.ts";
import { referenceKernels } from "../kernels/reference.ts";
import { mlp } from "../nn/mlp.ts";
import { optimizerNamed } from "../optim/registry.ts";
import { findLr } from "./find-lr.ts";
import { lrFinding, risingRates } from "./lr-finding.ts";
import { openTraining } from "./open-training.ts";

test("rates rise by the same factor from first to last", () => {
  expect(risingRates(1e-3, 1, 4).map((rate) => Number(rate.toPrecision(12)))).toEqual([0.001, 0.01, 0.1, 1]);
});

test("the steepest fall, a tenth of the lowest point and the end are read off a curve whose shape is known", () => {
  const rates = risingRates(1e-4, 10, 501);
  // Falls about 0.01, is lowest about 0.3, and blows up above 1.
  const losses = rates.map((lr) => 2.3 / (1 + (lr / 0.01) ** 2) + 0.1 + (lr > 1 ? (lr - 1) * 100 : 0));
  const { steepest, suggested, tooLarge, smoothed } = lrFinding(rates, losses);
  expect(steepest!).toBeGreaterThan(0.003);
  expect(steepest!).toBeLessThan(0.1);
  expect(suggested!).toBeGreaterThan(0.03);
  expect(suggested!).toBeLessThan(0.15);
  expect(tooLarge!).toBeGreaterThan(1);
  expect(smoothed[0]).toBeCloseTo(losses[0], 12);
});

test("a loss that never falls, or is no number from the start, suggests nothing", () => {
  const rates = risingRates(1, 10, 5);
  expect(lrFinding(rates, [2, 2, 2, 2, 2])).toMatchObject({ steepest: null, suggested: null, tooLarge: null });
  expect(lrFinding(rates, [null, null, null, null, null])).toMatchObject({ suggested: null, tooLarge: 1 });
});

test("a network is tested until its loss blows up, and the suggestion lies below that", async () => {
  const stream = RandomStream.seeded(3);
  const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2);
  const data = Uint8Array.from({ length: 800 }, (_, i) => (labels[i >> 2] === i % 2 ? 200 : 30) + (i % 23));
  const split: Split = { images: { data, count: 200, width: 4 }, labels };
  const training = openTraining({
    kernels: referenceKernels("float64"),
    layers: mlp({ inputSize: 4, hiddenSizes: [8], classes: 2 }),
    optimizer: optimizerNamed("sgd"),
    split,
    batchSize: 20,
    weightInit: "he",
    stream,
  });
  const found = await findLr(training, { rows: 200, batchSize: 20, stream, low: 1e-4, high: 1e5, steps: 300 });
  expect(found.losses.length).toBe(found.rates.length);
  expect(found.suggested!).toBeGreaterThan(1e-3);
  expect(found.suggested!).toBeLessThan(found.tooLarge ?? Number.POSITIVE_INFINITY);
  await expect(findLr(training, { rows: 200, batchSize: 20, stream, low: 1, high: 0.1 })).rejects.toThrow(
    /must be above 0 and rise/,
  );
});

test("each update has its own rate, and the test ends at a loss a hundred times the lowest", async () => {
  const labels = Uint8Array.from({ length: 40 }, (_, i) => i % 2);
  const data = Uint8Array.from({ length: 160 }, (_, i) => (labels[i >> 2] === i % 2 ? 200 : 30) + (i % 23));
  const training = openTraining({
    kernels: referenceKernels("float64"),
    layers: mlp({ inputSize: 4, hiddenSizes: [8, 8], classes: 2 }),
    optimizer: optimizerNamed("sgd"),
    split: { images: { data, count: 40, width: 4 }, labels },
    batchSize: 40,
    weightInit: "he",
    stream: RandomStream.seeded(3),
  });
  const set: number[] = [];
  const { updater } = training;
  const setHyper = updater.setHyper.bind(updater);
  updater.setHyper = (values) => {
    set.push(values.lr);
    setHyper(values);
  };
  const stream = RandomStream.seeded(4);
  const { rates, losses } = await findLr(training, {
    rows: 40,
    batchSize: 40,
    stream,
    low: 1e-3,
    high: 1e6,
    steps: 200,
  });
  expect(set.slice(0, rates.length)).toEqual(rates);
  expect(losses.length).toBeLessThan(200);
  const last = losses.at(-1)!;
  expect(Number.isFinite(last) && last > 100 * Math.min(...losses)).toBe(true);
});

test("the fall is reckoned against the rate's logarithm, over a twentieth of the test, and told of its middle", () => {
  const rates = risingRates(1e-4, 1, 400);
  // Falls a little from the start, five times as fast after a hundred steps, and rises after two hundred.
  const losses = rates.map(
    (_, t) => 3 - 0.001 * Math.min(t, 100) - 0.01 * Math.min(100, Math.max(0, t - 100)) + 0.01 * Math.max(0, t - 200),
  );
  const { steepest, smoothed } = lrFinding(rates, losses);
  const best = smoothed.indexOf(Math.min(...(smoothed as number[])));
  let steep = 0;
  const fall = (t: number) => smoothed[t]! - smoothed[t + 20]!;
  for (let t = 0; t + 20 <= best; t++) {
    steep = fall(t) > fall(steep) ? t : steep;
  }
  expect(steep).toBeGreaterThan(100);
  expect(steepest).toBe(rates[steep + 10]);
});
