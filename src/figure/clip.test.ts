import fc from "fast-check";
import { expect, test } from "vitest";
import { clipPolygon, clipSegment, isNear, reach } from "./clip.ts";

const near = fc.double({ min: -4, max: 5, noNaN: true });
const margins = fc.constantFrom(0, 0.05, 1);

/** How far a point is from a line between two others. */
function distance(x: number, y: number, [x0, y0, x1, y1]: readonly [number, number, number, number]): number {
  const length = (x1 - x0) ** 2 + (y1 - y0) ** 2;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length));
  return Math.hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0));
}

test("of a line all that lies within the panel and its margin is left, and nothing else, from either end", () => {
  fc.assert(
    fc.property(near, near, near, near, margins, (x0, y0, x1, y1, margin) => {
      const left = clipSegment([x0, y0, x1, y1], margin);
      if (left !== null) {
        const [fromX, fromY, toX, toY] = left;
        for (const [x, y] of [
          [fromX, fromY],
          [toX, toY],
        ]) {
          expect(isNear(x, y, margin)).toBe(true);
          expect(distance(x, y, [x0, y0, x1, y1])).toBeLessThan(1e-9);
        }
        const [backX, backY, ...end] = clipSegment([x1, y1, x0, y0], margin)!;
        expect([backX, backY, ...end]).toEqual([toX, toY, fromX, fromY]);
      }
      for (let i = 0; i <= 200; i++) {
        const [x, y] = [x0 + (i / 200) * (x1 - x0), y0 + (i / 200) * (y1 - y0)];
        if (isNear(x, y, margin - 1e-9)) {
          expect(left === null ? Number.POSITIVE_INFINITY : distance(x, y, left)).toBeLessThan(1e-6);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("a line from very far outside keeps where it goes through the panel", () => {
  const [x0, y0, x1, y1] = clipSegment([-1e6, 0.25, 1e6, 0.25], 0)!;
  expect([y0, y1]).toEqual([0.25, 0.25]);
  expect([x0, x1]).toEqual([expect.closeTo(0, 8), expect.closeTo(1, 8)]);
  // Where its end is near and its beginning is not, the end keeps its digits.
  expect(clipSegment([-1e12, 0.25, 0.3, 0.25], 0)!.slice(2)).toEqual([0.3, 0.25]);
  expect(clipSegment([-5, 2, 5, 2], 0.5)).toBeNull();
});

test("a polygon ends at the reach around its panel, and keeps what is within", () => {
  const inside = [
    [0, 0],
    [1, 0],
    [0.5, 1],
  ] as const;
  expect(clipPolygon(inside)).toEqual(inside);
  const wide = clipPolygon([
    [-9, -9],
    [9, -9],
    [9, 9],
    [-9, 9],
  ]);
  expect(wide.map(([x, y]) => `${x},${y}`).sort()).toEqual(
    [`${-reach},${-reach}`, `${-reach},${1 + reach}`, `${1 + reach},${-reach}`, `${1 + reach},${1 + reach}`].sort(),
  );
  expect(
    clipPolygon([
      [5, 5],
      [6, 5],
      [6, 6],
    ]),
  ).toEqual([]);
});
