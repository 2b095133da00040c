import { describe, expect, test } from "vitest";
import { dimensions, sobolPoint } from "./sequence.ts";

const points = (count: number, d: number, seed?: number) =>
  Array.from({ length: count }, (_, i) => sobolPoint(i, d, seed));

test("there are at least 20 dimensions", () => {
  expect(dimensions).toBe(40);
});

test("the first points are those of the published sequence", () => {
  const first = [
    [0, 0, 0, 0, 0],
    [0.5, 0.5, 0.5, 0.5, 0.5],
    [0.75, 0.25, 0.25, 0.25, 0.75],
    [0.25, 0.75, 0.75, 0.75, 0.25],
    [0.375, 0.375, 0.625, 0.875, 0.375],
    [0.875, 0.875, 0.125, 0.375, 0.875],
    [0.625, 0.125, 0.875, 0.625, 0.625],
    [0.125, 0.625, 0.375, 0.125, 0.125],
  ];
  for (const [i, point] of first.entries()) {
    expect(point.map((_, d) => sobolPoint(i, d))).toEqual(point);
  }
});

test("dimensions 21 to 24 are Joe and Kuo's", () => {
  const at = (i: number) => [20, 21, 22, 23].map((d) => sobolPoint(i, d));
  expect(at(5)).toEqual([0.625, 0.625, 0.875, 0.375]);
  expect(at(37)).toEqual([0.953125, 0.078125, 0.546875, 0.640625]);
  expect(at(63)).toEqual([0.234375, 0.546875, 0.390625, 0.546875]);
});

describe.each([undefined, 0, 12345])("scrambled by seed %s", (seed) => {
  test("each dimension has one of 2^m points in each of 2^m equal parts", () => {
    for (let d = 0; d < dimensions; d++) {
      for (const count of [2, 16, 256]) {
        const parts = new Set(points(count, d, seed).map((x) => Math.floor(x * count)));
        expect(parts.size, `dimension ${d}`).toBe(count);
      }
    }
  });

  test("the first two dimensions are a (0, m, 2)-net: one point in every box of volume 2^−m", () => {
    const m = 6;
    const [x, y] = [points(2 ** m, 0, seed), points(2 ** m, 1, seed)];
    for (let k = 0; k <= m; k++) {
      const boxes = new Set(x.map((v, i) => `${Math.floor(v * 2 ** k)},${Math.floor(y[i] * 2 ** (m - k))}`));
      expect(boxes.size, `boxes of 2^-${k} × 2^-${m - k}`).toBe(2 ** m);
    }
  });

  test("the next 2^m points fill the parts again", () => {
    const next = Array.from({ length: 64 }, (_, i) => Math.floor(sobolPoint(64 + i, 7, seed) * 64));
    expect(new Set(next).size).toBe(64);
  });
});

test("scrambling moves points, differently by dimension and seed, and leaves none at 0", () => {
  expect(points(8, 0, 1)).not.toEqual(points(8, 0));
  expect(points(8, 0, 1)).not.toEqual(points(8, 0, 2));
  expect(sobolPoint(0, 0, 1)).not.toBe(sobolPoint(0, 1, 1));
});

test("a smooth integral comes out a hundred times closer than its points at random would", () => {
  // ∏ (1 + (x − 1/2)) over [0, 1]^5 is 1; 4096 random points miss it by about 0.01.
  let sum = 0;
  for (let i = 0; i < 4096; i++) {
    sum += [0, 1, 2, 3, 4].reduce((product, d) => product * (0.5 + sobolPoint(i, d, 7)), 1);
  }
  expect(Math.abs(sum / 4096 - 1)).toBeLessThan(1e-4);
});
