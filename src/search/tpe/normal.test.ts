import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argsort } from "./argsort.ts";
import { logNdtr, ndtr, normalMass, stepMass, truncatedNormalQuantile } from "./normal.ts";
import { pairwiseSum } from "./pairwise-sum.ts";

const relative = (a: number, b: number) => Math.abs(a - b) / Math.abs(b);

test.each([
  [-37, -689.0305855768906],
  [-20, -203.91715537109727],
  [-8.3, -37.49421742374825],
  [-3, -6.60772622151035],
  [-1, -1.8410216450092634],
  [0, -Math.LN2],
  [0.7, -0.2770239422771313],
  [2.5, -0.00622902548586],
  [6.5, -4.016000583939729e-11],
])("ln Φ(%f)", (x, wanted) => {
  expect(relative(logNdtr(x), wanted)).toBeLessThan(1e-11);
  expect(relative(ndtr(x), Math.exp(wanted))).toBeLessThan(1e-12);
});

test.each([
  [0.3, -1, 2, -0.2424038178892269],
  [0.999, -3, 9, 3.090633464118656],
  [0.5, 2, 5, 2.2776000319692673],
  [0.1, 8, 9, 8.012960571504212],
  [1e-9, -4, 4, -3.9999925284313784],
])("the quantile %f of a normal cut to [%f, %f]", (u, a, b, wanted) => {
  expect(relative(truncatedNormalQuantile(u, a, b), wanted)).toBeLessThan(1e-12);
});

test("a quantile has its share of the mass below it, and lies in the range", () => {
  const side = fc.double({ min: -20, max: 20, noNaN: true });
  fc.assert(
    fc.property(side, fc.double({ min: 0.01, max: 20, noNaN: true }), fc.nat(1000), (a, width, k) => {
      const u = (k + 0.5) / 1001;
      const x = truncatedNormalQuantile(u, a, a + width);
      expect(x).toBeGreaterThanOrEqual(a - 1e-12);
      expect(x).toBeLessThanOrEqual(a + width + 1e-12);
      expect(normalMass(a, x) / normalMass(a, a + width)).toBeCloseTo(u, 8);
    }),
    { seed: 1 },
  );
});

describe("the mass of a step", () => {
  test("is the same by its series and as a difference", () => {
    for (const h of [0.0199, 0.01, 0.003]) {
      for (const z of [-6, -2.5, -0.3, 0, 1, 4]) {
        expect(relative(stepMass(z, h), normalMass(z - h / 2, z + h / 2))).toBeLessThan(1e-9);
      }
    }
  });

  test("adds up to 1", () => {
    let sum = 0;
    for (let z = -9; z <= 9; z += 0.01) {
      sum += stepMass(z, 0.01);
    }
    expect(sum).toBeCloseTo(1, 12);
  });
});

test("argsort puts every place once, in ascending order of the values, ties included", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 200 }), (values) => {
      const order = [...argsort(Float64Array.from(values))];
      expect(order.toSorted((a, b) => a - b)).toEqual([...values.keys()]);
      expect(order.map((i) => values[i])).toEqual(values.toSorted((a, b) => a - b));
    }),
    { seed: 2 },
  );
});

test("argsort keeps equal values of 17 and fewer in their order", () => {
  const values = Float64Array.from({ length: 17 }, (_, i) => i % 3);
  expect([...argsort(values)]).toEqual([...values.keys()].sort((i, j) => values[i] - values[j] || i - j));
});

test("sums come out as NumPy's do, to the last bit", () => {
  const values = Float64Array.from({ length: 300 }, (_, i) => (i % 7) * 0.1 + 1e-3 * i);
  expect([7, 100, 300].map((count) => pairwiseSum(values, 0, count))).toEqual([
    2.1210000000000004, 34.449999999999996, 134.55,
  ]);
});
