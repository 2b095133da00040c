import { expect, test } from "vitest";
import {
  labelledTicks,
  linearLabel,
  linearTicks,
  logLabel,
  logTicks,
  niceDomain,
  niceLogDomain,
  stepOf,
} from "./ticks.ts";

test.each([
  [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [0, 2000, 4, [0, 500, 1000, 1500, 2000]],
  [-0.3, 0.3, 6, [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]],
  [2.2, 2.4, 4, [2.2, 2.25, 2.3, 2.35, 2.4]],
  [3, 3, 5, [3]],
])("from %d to %d about %d ticks are round numbers, without the rounding of sums", (low, high, count, ticks) => {
  expect(linearTicks(low, high, count)).toEqual(ticks);
});

test.each([
  [-0.0001, 0.1, "0.0"],
  [-0.5, 0.1, "−0.5"],
  [1_234_567, 1000, "1,234,567"],
  [0.1 + 0.2, 0.1, "0.3"],
  [2e7, 1e7, "2e7"],
  [-1.5e-10, 5e-11, "−1.5e-10"],
  [0, 1e300, "0"],
])("%d on an axis whose ticks are %d apart is written %s", (value, step, label) => {
  expect(linearLabel(value, step)).toBe(label);
});

test.each([
  [[0, 2.5, 5, 7.5, 10], 1, 0.1],
  [[0, 5, 10], 2, 1],
  [[0.01, 0.05, 1], 0.1, 0.01],
  [[0, 1000, 2500], 500, 100],
  [[1 / 3], 0.1, 0.001],
])(
  "ticks of a person's own, %j, are written as multiples of a power of ten: steps of %d of %d",
  (ticks, step, power) => {
    expect(stepOf(ticks, step)).toBe(power);
  },
);

test("the ticks of the largest and the smallest numbers can be told apart", () => {
  for (const [low, high] of [
    [-1.7e308, 1.7e308],
    [0, 5e-324],
    [1e-320, 9e-320],
    [0, 3e8],
    [0, 4e-10],
    [1e15, 1e15 + 1e8],
  ]) {
    const labels = labelledTicks(low, high, 5).map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
  }
  expect(labelledTicks(-1.5e308, 1.5e308, 4).map(({ label }) => label)).toContain("0");
});

test.each([
  [1, "1"],
  [2000, "2,000"],
  [10_000, "1e4"],
  [0.5, "5e-1"],
  [1e-5, "1e-5"],
])("%d on a logarithmic axis is written %s", (value, label) => {
  expect(logLabel(value)).toBe(label);
});

test("a logarithmic axis has powers of ten, thinned where they are many, their doubles and fives where few", () => {
  expect(logTicks(1e-4, 1, 9)).toEqual([1e-4, 1e-3, 1e-2, 1e-1, 1]);
  expect(logTicks(1e-12, 1, 4)).toEqual([1e-10, 1e-5, 1]);
  expect(logTicks(0.15, 3, 5)).toEqual([0.2, 0.5, 1, 2]);
});

test("a range is widened to round numbers, and one of powers of ten stays", () => {
  expect(niceDomain(0.13, 2.31)).toEqual([0, 2.4]);
  expect(niceDomain(0, 1)).toEqual([0, 1]);
  expect(niceLogDomain(0.02, 300)).toEqual([0.01, 1000]);
  expect(niceLogDomain(0.01, 1000)).toEqual([0.01, 1000]);
});
