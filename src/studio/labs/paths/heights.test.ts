import { expect, test } from "vitest";
import { surfaceOf } from "../../../experiments/surfaces/surface.ts";
import { heightsOf, lowestPoint, shareOf } from "./heights.ts";

test("heights run from row 0 at the lowest y, and a share from the lowest to the highest of them", () => {
  const heights = heightsOf(surfaceOf("x + 10*y"), 5);
  expect([heights.z[0], heights.z[4], heights.z[24]]).toEqual([-110, -90, 110]);
  expect([shareOf(heights, -110), shareOf(heights, 110), shareOf(heights, 999)]).toEqual([0, 1, 1]);
  expect(shareOf(heights, Number.NaN)).toBeNaN();
});

test("steep walls are bent down until half of the plane lies below a quarter of the height", () => {
  const heights = heightsOf(surfaceOf("rosenbrock"), 61);
  expect(heights.bend).toBeLessThan(1);
  const median = heights.z.toSorted()[heights.z.length >> 1];
  expect(shareOf(heights, median)).toBeCloseTo(0.25, 6);
  expect(heightsOf(surfaceOf("x + y"), 61).bend).toBe(1);
});

test("a surface without any finite height is no trouble", () => {
  const nowhere = surfaceOf("log(-1 - x^2)");
  const heights = heightsOf(nowhere, 9);
  expect(heights.bend).toBe(1);
  expect(shareOf(heights, 1)).toBe(0);
  expect(lowestPoint(nowhere)).toBeNull();
  expect(nowhere.levels).toEqual([]);
});

test("the lowest point of a typed surface is found between the places of the grid", () => {
  const [x, y] = lowestPoint(surfaceOf("(x - 1.2345)^2 + 3*(y + 2.5)^2"))!;
  expect(x).toBeCloseTo(1.2345, 6);
  expect(y).toBeCloseTo(-2.5, 6);
});
