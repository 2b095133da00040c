import { expect, test } from "vitest";
import { contour, type Piece } from "./contour.ts";

function grid(columns: number, rows: number, f: (x: number, y: number) => number) {
  return {
    columns,
    rows,
    z: Float64Array.from({ length: columns * rows }, (_, k) => f(k % columns, Math.floor(k / columns))),
  };
}

test("a circle's contour lies on the circle and closes", () => {
  const ends = new Map<string, number>();
  contour(
    grid(41, 41, (x, y) => (x - 20) ** 2 + (y - 20) ** 2),
    [150],
    (...piece) => {
      for (const [x, y] of piece) {
        expect(Math.hypot(x - 20, y - 20)).toBeCloseTo(Math.sqrt(150), 1);
        const key = `${x.toFixed(6)},${y.toFixed(6)}`;
        ends.set(key, (ends.get(key) ?? 0) + 1);
      }
    },
  );
  expect(ends.size).toBeGreaterThan(30);
  expect([...ends.values()].every((count) => count === 2)).toBe(true);
});

test("a saddle's two branches do not cross", () => {
  const pieces: unknown[] = [];
  contour(
    grid(2, 2, (x, y) => (x === y ? 1 : -1)),
    [0],
    (...piece) => pieces.push(piece),
  );
  expect(pieces).toHaveLength(2);
  const above: Piece[] = [];
  contour(
    grid(2, 2, (x, y) => (x === y ? 2 : -1)),
    [0],
    (...piece) => above.push(piece),
  );
  expect(above).toHaveLength(2);
  expect(above.every(([[x0, y0], [x1, y1]]) => x0 !== x1 && y0 !== y1)).toBe(true);
});

test("cells without a height are left out", () => {
  let pieces = 0;
  contour(
    grid(3, 2, (x, y) => (x === 0 ? Number.NaN : y - 0.5)),
    [0],
    () => pieces++,
  );
  expect(pieces).toBe(1);
});

test("a level between the heights of several cells is told with the others, in one walk", () => {
  const slope = grid(5, 2, (x) => x);
  const columns: number[] = [];
  contour(slope, [0.5, 2.25, 9], ([x]) => columns.push(x));
  expect(columns).toEqual([0.5, 2.25]);
});
