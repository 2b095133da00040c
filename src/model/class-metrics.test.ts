import fc from "fast-check";
import { expect, test } from "vitest";
import { areaUnderCurve, classFigures } from "./class-metrics.ts";

test("the area under the ROC curve is the share of pairs in the right order, ties half", () => {
  const row = fc.record({ score: fc.integer({ min: 0, max: 4 }), positive: fc.boolean() });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
      const [ones, others] = [true, false].map((kind) => rows.filter(({ positive }) => positive === kind));
      const pairs = ones.flatMap((one) => others.map((other) => 0.5 * (Math.sign(one.score - other.score) + 1)));
      const area = areaUnderCurve(
        Float64Array.from(rows, ({ score }) => score),
        Uint8Array.from(rows, ({ positive }) => Number(positive)),
      );
      if (pairs.length === 0) {
        expect(area).toBeNull();
      } else {
        expect(area).toBeCloseTo(pairs.reduce((a, b) => a + b) / pairs.length, 12);
      }
    }),
  );
});

test("of probabilities that are no numbers nothing is told, and something is returned", () => {
  expect(areaUnderCurve(Float64Array.of(Number.NaN, 1, 2), Uint8Array.of(0, 1, 0))).toBeNull();
  const figures = classFigures(Float64Array.of(Number.NaN, Number.NaN, 0.25, 0.75), Int32Array.of(0, 1), ["a", "b"], 1);
  expect([figures.auc, figures.calibrationError]).toEqual([null, Number.NaN]);
});

test("a class that is never told counts as 0 in the means, one that is neither there nor told not at all", () => {
  // Told: a, a, a; they are a, a, b; there is no c. The means are of a and b alone.
  const probabilities = Float64Array.from([0.8, 0.1, 0.1, 0.6, 0.3, 0.1, 0.5, 0.4, 0.1]);
  const figures = classFigures(probabilities, Int32Array.of(0, 0, 1), ["a", "b", "c"], 0);
  expect(figures.confusion).toEqual([
    [2, 0, 0],
    [1, 0, 0],
    [0, 0, 0],
  ]);
  expect(figures.accuracy).toBeCloseTo(2 / 3, 15);
  expect(figures.precision).toBeCloseTo(1 / 3, 15);
  expect(figures.recall).toBeCloseTo(1 / 2, 15);
  expect(figures.f1).toBeCloseTo(0.4, 15);
  expect([figures.auc, figures.top3]).toEqual([null, 1]);
  // Where c is told once, it counts, without rows of its own.
  const told = classFigures(probabilities.with(8, 0.9), Int32Array.of(0, 0, 1), ["a", "b", "c"], 0);
  expect([told.precision, told.recall]).toEqual([1 / 3, 1 / 3]);
});
