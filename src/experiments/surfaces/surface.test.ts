import { describe, expect, test } from "vitest";
import { inPrint } from "../ch06/optimizer-paths.ts";
import { curvatureAt, nearestMinimum } from "./curvature.ts";
import { namedSurfaces } from "./named.ts";
import { gridOf, levelsBetween, surfaceOf, surfaceSetting } from "./surface.ts";

describe.each(Object.keys(namedSurfaces))("the surface %s", (name) => {
  const surface = surfaceOf(name);

  test("is level and curved upwards at each of its minima", () => {
    for (const [x, y] of surface.minima) {
      const gradient = [1, 1];
      surface.gradient(x, y, gradient);
      expect(Math.hypot(...gradient)).toBeLessThan(1e-9);
      expect(curvatureAt(surface, [x, y])!.smallest).toBeGreaterThan(0);
    }
  });

  test("has no lower point in the part that is drawn than its minima", () => {
    const lowest = Math.min(...gridOf(surface, 101).z.map((z) => z ?? Number.POSITIVE_INFINITY));
    expect(lowest).toBeGreaterThanOrEqual(Math.min(...surface.minima.map(([x, y]) => surface.value(x, y))) - 1e-9);
  });

  test("starts inside the part that is drawn, off every minimum, with contour lines in its range", () => {
    const [x, y] = surface.start;
    expect(x).toBeGreaterThan(surface.x[0]);
    expect(x).toBeLessThan(surface.x[1]);
    expect(y).toBeGreaterThan(surface.y[0]);
    expect(y).toBeLessThan(surface.y[1]);
    const heights = gridOf(surface, 101).z.filter((z) => z !== null);
    const [low, high] = [Math.min(...heights), Math.max(...heights)];
    expect(surface.levels.filter((level) => level >= low && level <= high).length).toBeGreaterThanOrEqual(8);
    expect(surface.levels).toEqual([...surface.levels].sort((a, b) => a - b));
  });
});

test("a typed surface is drawn with levels of its own; what has no finite height is left out", () => {
  const surface = surfaceOf("log(x) + y^2");
  expect(surface).toMatchObject({ name: null, noise: 0, minima: [] });
  expect(surface.levels).toHaveLength(16);
  const grid = gridOf(surface, 5);
  expect(grid.z[0]).toBeNull();
  expect(grid.z[4]).toBeCloseTo(Math.log(10) + 100, 12);
  expect(levelsBetween([null, 3, 3])).toEqual([]);
  expect(levelsBetween([])).toEqual([]);
});

test("the setting takes a name in any case or a formula, and says what is wrong with others", () => {
  const setting = surfaceSetting();
  expect(surfaceOf(" Rosenbrock").name).toBe("rosenbrock");
  expect(setting.parse("x^2 + y^4", "surface")).toBe("x^2 + y^4");
  expect(() => setting.parse("ravin", "surface")).toThrow(
    /surface: must be one of ravine, .* got "ravin".*only x and y/,
  );
  expect(() => setting.parse("__proto__", "surface")).toThrow(/only x and y/);
  expect(() => setting.parse("", "surface")).toThrow(/is needed here/);
});

test("curvature of the ravine is 2 across and 0.1 along, wherever one stands", () => {
  const { largest, smallest } = curvatureAt(surfaceOf("ravine"), [-3, 4])!;
  expect(largest).toBeCloseTo(2, 6);
  expect(smallest).toBeCloseTo(0.1, 6);
  expect(curvatureAt(surfaceOf("rosenbrock"), [1, 1])!.largest).toBeCloseTo(1001.6, 1);
  expect(curvatureAt(surfaceOf("x^2 + abs(y)"), [1, 0])).toBeNull();
  expect(curvatureAt(surfaceOf("sqrt(x) + y^2"), [-1, 0])).toBeNull();
  expect(nearestMinimum(surfaceOf("himmelblau"), [-3, 2])![0]).toBeCloseTo(-2.805, 3);
  expect(nearestMinimum(surfaceOf("x^2"), [0, 0])).toBeNull();
});

test("a surface's formula is written as in print: small powers raised, true minus signs", () => {
  expect(inPrint("(1 - x)^2 + 100 * (y - x^2)^2")).toBe("(1 − x)² + 100·(y − x²)²");
  expect(inPrint("x^2.5 + y^12 + x^-2")).toBe("x^2.5 + y^12 + x^−2");
});
