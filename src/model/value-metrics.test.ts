import fc from "fast-check";
import { expect, test } from "vitest";
import { valueFigures } from "./value-metrics.ts";

const figures = (told: readonly number[], wanted: readonly number[]) =>
  valueFigures(Float64Array.from(told), Float64Array.from(wanted), ["y"], 0);

test.each([1e-300, 1e-200, 1, 1e154, 1e160, 1e307])(
  "errors are told of numbers as large as %d, in their own unit",
  (unit) => {
    const { rmse, mae, r2 } = figures([1 * unit, 4 * unit, 3 * unit], [1 * unit, 2 * unit, 3 * unit]);
    expect(rmse / unit).toBeCloseTo(Math.sqrt(4 / 3), 12);
    expect(mae / unit).toBeCloseTo(2 / 3, 12);
    expect(r2).toBeCloseTo(-1, 12);
  },
);

test("ordinary numbers have the very figures of their sums of squares", () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => (Math.abs(x) < 1e-6 ? 0 : x));
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 20 }), (rows) => {
      const squares = rows.reduce((sum, [told, wanted]) => sum + (told - wanted) ** 2, 0);
      const { rmse, mae } = figures(
        rows.map(([told]) => told),
        rows.map(([, wanted]) => wanted),
      );
      expect(rmse).toBe(Math.sqrt(squares / rows.length));
      expect(mae).toBe(rows.reduce((sum, [told, wanted]) => sum + Math.abs(told - wanted), 0) / rows.length);
    }),
  );
});

test("a target that never changes is found, whatever its value and however many rows have it", () => {
  const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(value, fc.integer({ min: 1, max: 40 }), (wanted, rows) => {
      const always = new Array<number>(rows).fill(wanted);
      expect(figures(always, always).r2).toBeNull();
    }),
  );
});

test("far from 0, R² keeps its digits", () => {
  const wanted = [1, 2, 3, 4].map((value) => 1e9 + value / 1024);
  const told = wanted.map((value, i) => value + (i === 0 ? 1 / 1024 : 0));
  expect(figures(told, wanted).r2).toBeCloseTo(1 - 1 / 5, 12);
});
