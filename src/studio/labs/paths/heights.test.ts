import { expect, test } from "vitest";
import { surfaceOf } from "../../../experiments/surfaces/surface.ts";
import { heightsOf, levelsUpTo, lowestPoint, shareOf } from "./heights.ts";

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

test("contour lines go on above a surface's own up to its highest wall, never with a smaller step than before", () => {
  for (const name of ["ravine", "rosenbrock", "beale", "himmelblau", "saddle", "x^2 + y^4"]) {
    const surface = surfaceOf(name);
    const { high } = heightsOf(surface, 61);
    const levels = levelsUpTo(surface.levels, high);
    expect(levels.slice(0, surface.levels.length)).toEqual(surface.levels);
    const steps = levels.slice(1).map((level, i) => level - levels[i]);
    const added = steps.slice(surface.levels.length - 2);
    expect(added.every((step, i) => i === 0 || step >= 1.19 * added[i - 1])).toBe(true);
    expect(levels.slice(surface.levels.length).every((level) => level < high)).toBe(true);
  }
  expect(levelsUpTo([0, 2, 4], 12).map((level) => Number(level.toFixed(2)))).toEqual([0, 2, 4, 6.4, 9.28]);
  expect(levelsUpTo([], 12)).toEqual([]);
});
