import { expect, test } from "vitest";
import { holm, mannWhitney } from "../support/mann-whitney.ts";

const first = [1.2, 3.4, 2.2, 5, 4.1, 2.9, 3.3, 1.7, 2.2, 4.4, 3.8, 2.6, 1.9, 3.1, 2.4, 4.9, 3.6, 2.8, 1.5, 3];
const second = [...first.slice(0, 10).map((value) => value + 0.6), ...[3.4, 4.4, 2.2, 5.5, 6.1, 3.9, 4.2, 2.7, 3.3, 4]];

test("Mann and Whitney's U and p are SciPy's, ties and continuity corrected", () => {
  const { u, p } = mannWhitney(first, second);
  expect(u).toBe(276);
  expect(p).toBeCloseTo(0.02050958179829068, 12);
});

test("the other way round the chances add up to 1", () => {
  expect(mannWhitney(first, second).chance + mannWhitney(second, first).chance).toBeCloseTo(1, 12);
});

test("Holm multiplies the smallest p by all, the next by one less, and keeps their order", () => {
  expect(holm([0.04, 0.01, 0.03])).toEqual([0.06, 0.03, 0.06]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
});
