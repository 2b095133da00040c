import { expect, test } from "vitest";
import { type Stroke, strokesImage } from "./digit-image.ts";

const square = { rows: 28, columns: 28 };
const one: Stroke = [
  { x: 0.1, y: 0.1 },
  { x: 0.1, y: 0.3 },
];
const lit = (image: Uint8Array, columns = 28) =>
  [...image].flatMap((value, k) => (value > 127 ? [{ row: Math.floor(k / columns), column: k % columns }] : []));

test("a fitted stroke fills 20 of 28 pixels and has its centre of mass in the middle, wherever it was drawn", () => {
  const image = strokesImage([one], { ...square, fitted: true });
  const rows = lit(image).map(({ row }) => row);
  expect([Math.min(...rows), Math.max(...rows)]).toEqual([4, 23]);
  const columns = new Set(lit(image).map(({ column }) => column));
  expect([...columns]).toEqual([13, 14]);
  const elsewhere = one.map(({ x, y }) => ({ x: x + 0.6, y: y + 0.5 }));
  const there = strokesImage([elsewhere], { ...square, fitted: true });
  expect(Math.max(...image.map((value, k) => Math.abs(value - there[k])))).toBeLessThanOrEqual(1);
});

test("one that is not fitted stays where it was drawn, also where pixels are no square", () => {
  const image = strokesImage([[{ x: 0.75, y: 0.25 }]], { rows: 8, columns: 16, fitted: false });
  expect(image[2 * 16 + 12] + image[1 * 16 + 11]).toBeGreaterThan(0);
  expect(lit(image, 16).every(({ row, column }) => Math.abs(row - 1.5) <= 1 && Math.abs(column - 11.5) <= 1)).toBe(
    true,
  );
});

test("nothing drawn is a black image, and a dot is a dot in the middle", () => {
  expect(strokesImage([], { ...square, fitted: true }).every((value) => value === 0)).toBe(true);
  const dot = strokesImage([[{ x: 0.9, y: 0.9 }]], { ...square, fitted: true });
  expect(lit(dot).every(({ row, column }) => [13, 14].includes(row) && [13, 14].includes(column))).toBe(true);
  expect(lit(dot).length).toBeGreaterThan(0);
});
