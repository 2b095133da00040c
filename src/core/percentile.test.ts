import { expect, test } from "vitest";
import { percentile } from "./percentile.ts";

test("percentiles are NumPy's, of lists and of typed arrays", () => {
  const percents = [10, 25, 50, 62.5, 90, 100];
  const wanted = [1.4, 2, 3, 4, 6.800000000000001, 8];
  expect(percents.map((percent) => percentile([3, 1, 2, 8, 5], percent))).toEqual(wanted);
  expect(percents.map((percent) => percentile(Float64Array.of(3, 1, 2, 8, 5), percent))).toEqual(wanted);
});

test("between infinities the lower one stands for what lies between", () => {
  const both = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  expect([25, 50, 100].map((percent) => percentile(both, percent))).toEqual([both[0], both[0], both[1]]);
});
