import { describe, expect, test } from "vitest";
import { namedSurfaces } from "../../experiments/surfaces/named.ts";
import { gridOf, surfaceOf } from "../../experiments/surfaces/surface.ts";
import { contourLines } from "./contour-lines.ts";

const ofSurface = (name: string, levels: readonly number[]) => contourLines(gridOf(surfaceOf(name), 61), levels);

describe.each(Object.keys(namedSurfaces))("the contour lines of %s", (name) => {
  const { value, x, y, levels } = surfaceOf(name);

  test("lie where the surface has that height, within a fifth of a grid's cell", () => {
    const away = (x[1] - x[0]) / 60 / 5;
    const around = Array.from({ length: 16 }, (_, i) => (i * Math.PI) / 8);
    for (const level of levels) {
      // Where a valley's floor just touches a height.
      const nearly = 0.03 * Math.abs(level);
      for (const [a, b] of ofSurface(name, [level]).flat()) {
        const near = around.map((turn) => value(a + away * Math.cos(turn), b + away * Math.sin(turn)));
        expect(Math.min(...near), `${level} at ${a}, ${b}`).toBeLessThanOrEqual(level + nearly);
        expect(Math.max(...near), `${level} at ${a}, ${b}`).toBeGreaterThanOrEqual(level - nearly);
      }
    }
  });

  test("are closed, or end at the plane's edge", () => {
    const edge = (p: number, [low, high]: readonly [number, number]) => Math.min(p - low, high - p) < 1e-9;
    for (const line of ofSurface(name, levels)) {
      const [first, last] = [line[0], line.at(-1)!];
      const closed = Math.hypot(first[0] - last[0], first[1] - last[1]) < 1e-9;
      expect(closed || [first, last].every(([a, b]) => edge(a, x) || edge(b, y))).toBe(true);
    }
  });
});

test("the floor of Rosenbrock's valley is one line at each height, not a row of islands", () => {
  expect(ofSurface("rosenbrock", [0.1])).toHaveLength(1);
  expect(ofSurface("rosenbrock", [1])).toHaveLength(1);
});

test("a line says no more points than its bends need", () => {
  const points = ofSurface("ravine", surfaceOf("ravine").levels).reduce((sum, line) => sum + line.length, 0);
  expect(points).toBeLessThan(600);
  const [slope] = ofSurface("x + y", [0.5]);
  expect(slope.length).toBeLessThan(5);
});

test("a kink and a step stay what they are: no line is drawn beside them", () => {
  const axis = Array.from({ length: 11 }, (_, i) => i);
  const step = { x: axis, y: axis, z: axis.flatMap(() => axis.map((x) => (x < 5 ? 0 : 1))) };
  expect(contourLines(step, [-0.01, 1.01])).toEqual([]);
  const kink = { x: axis, y: axis, z: axis.flatMap(() => axis.map((x) => Math.abs(x - 5))) };
  expect(contourLines(kink, [-0.01])).toEqual([]);
  expect(contourLines(kink, [2.5])).toHaveLength(2);
});
