import { expect, test } from "vitest";
import { append, largestOf, smallestOf } from "./long-lists.ts";

test("lists of a million are no trouble", () => {
  const list = Array.from({ length: 1_000_000 }, (_, i) => i - 500_000);
  expect([smallestOf(list), largestOf(list), largestOf(list, 1e9)]).toEqual([-500_000, 499_999, 1e9]);
  const target = [1];
  append(target, list);
  expect([target.length, target.at(-1)]).toEqual([1_000_001, 499_999]);
});

test("of no values and of what is no number the answer is that of Math.max and Math.min", () => {
  expect([largestOf([]), smallestOf([]), largestOf([1, Number.NaN, 2]), smallestOf([Number.NaN, 1])]).toEqual([
    Math.max(),
    Math.min(),
    Number.NaN,
    Number.NaN,
  ]);
});
