import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError } from "../core/errors.ts";
import { RandomStream } from "../core/random.ts";
import { decodePoints, drawnLimits, encodePoints, planePoints } from "./drawn-points.ts";
import { columnScales, standardized } from "./standardize.ts";
import { drawToy, toyNames, toySets } from "./toy.ts";
import { drawValues, valueSets } from "./toy-values.ts";

describe.each(toyNames)("%s", (name) => {
  test("lies within the square, its classes alike in number, the same for the same seed", () => {
    for (const classes of [2, 3, 6]) {
      const draw = () => drawToy(name, { points: 301, noise: 0, classes }, RandomStream.seeded(5));
      const { xy, labels, classes: drawn } = draw();
      expect(draw().xy).toEqual(xy);
      expect(drawn).toBe(toySets.find((set) => set.name === name)?.classes ?? classes);
      expect(Math.max(...xy.map(Math.abs))).toBeLessThan(1.1);
      for (let label = 0; label < drawn; label++) {
        const count = labels.filter((other) => other === label).length;
        expect(Math.abs(count - 301 / drawn)).toBeLessThan(1);
      }
    }
  });

  test("is moved by noise", () => {
    const at = (noise: number) => drawToy(name, { points: 100, noise, classes: 2 }, RandomStream.seeded(5)).xy;
    expect(at(0.2)).not.toEqual(at(0));
  });
});

test.each(valueSets)(
  "$name lies within [−1, 1] over the whole square, the same for the same seed; noise moves numbers, no points",
  (set) => {
    const draw = (noise: number) => drawValues(set, { points: 500, noise }, RandomStream.seeded(5));
    const { xy, values } = draw(0);
    expect(draw(0)).toEqual({ xy, values });
    for (const all of [xy, values]) {
      expect(Math.max(...all)).toBeLessThanOrEqual(1);
      expect(Math.min(...all)).toBeGreaterThanOrEqual(-1);
    }
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(1.5);
    expect(values[7]).toBeCloseTo(set.height(xy[14], xy[15]), 6);
    const off = [
      ...drawValues({ ...set, height: () => 0 }, { points: 2000, noise: 0.3 }, RandomStream.seeded(5)).values,
    ];
    expect(Math.sqrt(off.reduce((sum, value) => sum + value ** 2, 0) / 2000)).toBeCloseTo(0.3, 1);
  },
);

test("without noise no two points of different classes are near one another", () => {
  for (const name of toyNames.filter((known) => known !== "gaussians")) {
    const { xy, labels } = drawToy(name, { points: 400, noise: 0, classes: 2 }, RandomStream.seeded(1));
    let nearest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 400; i++) {
      for (let j = 0; j < i; j++) {
        if (labels[i] !== labels[j]) {
          nearest = Math.min(nearest, Math.hypot(xy[2 * i] - xy[2 * j], xy[2 * i + 1] - xy[2 * j + 1]));
        }
      }
    }
    expect(nearest, name).toBeGreaterThan(0.05);
  }
});

const point = fc.record({
  x: fc.double({ min: -1, max: 1, noNaN: true }),
  y: fc.double({ min: -1, max: 1, noNaN: true }),
  label: fc.integer({ min: 0, max: drawnLimits.classes - 1 }),
});

test("points drawn by hand survive a link to a thousandth of the square, and then exactly", () => {
  fc.assert(
    fc.property(fc.array(point, { maxLength: 50 }), (points) => {
      const text = encodePoints(points);
      expect(text).toMatch(/^[\w-]*$/);
      const read = decodePoints(text);
      expect(encodePoints(read)).toBe(text);
      read.forEach(({ x, y, label }, i) => {
        expect(Math.abs(x - points[i].x)).toBeLessThan(0.001);
        expect(Math.abs(y - points[i].y)).toBeLessThan(0.001);
        expect(label).toBe(points[i].label);
      });
    }),
  );
});

test("a link that was tampered with is refused in words", () => {
  for (const text of ["abc", "a<b>", "____", "A".repeat(4 * drawnLimits.points + 4)]) {
    expect(() => decodePoints(text)).toThrow(DataError);
  }
  expect(planePoints([{ x: 0, y: 1, label: 2 }])).toMatchObject({ classes: 3, labels: new Uint8Array([2]) });
});

test("standardized columns have mean 0 and deviation 1 over the rows they were measured on; a constant one is 0", () => {
  const rows = { data: Float32Array.from([1, 5, 2, 5, 3, 5, 100, 9]), count: 4, width: 2 };
  const three = Int32Array.from([0, 1, 2]);
  const scales = columnScales(rows, three);
  const { data } = standardized(rows, three, scales);
  expect([...data].map((value) => Math.round(1e4 * value) / 1e4)).toEqual([-1.2247, 0, 0, 0, 1.2247, 0]);
});
