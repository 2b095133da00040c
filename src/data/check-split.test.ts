import fc from "fast-check";
import { expect, test } from "vitest";
import { DataError } from "../core/errors.ts";
import { checkSplit } from "./check-split.ts";
import type { AnySplit, Labels } from "./dataset.ts";

const split = (data: Float32Array | Uint8Array, width: number, labels: Labels): AnySplit =>
  ({ images: { data, count: data.length / width, width }, labels }) as AnySplit;

test.each<[string, AnySplit, number, RegExp]>([
  ["too few labels", split(new Uint8Array(600), 6, new Uint8Array(50)), 10, /one label a row \(100\), got 50 labels/],
  ["one-hot labels", split(new Uint8Array(600), 6, new Uint8Array(1000)), 10, /got 1000 labels\. .*one-hot/],
  [
    "too few values",
    { images: { data: new Uint8Array(599), count: 100, width: 6 }, labels: new Uint8Array(100) },
    10,
    /100 rows of 6 must be 600 values, got 599/,
  ],
  ["no row", split(new Uint8Array(0), 6, new Uint8Array(0)), 10, /at least 1 row/],
  ["no class", split(new Uint8Array(6), 6, new Uint8Array(1)), 0, /1 to 65535 classes, got 0/],
  ["a class beyond", split(new Uint8Array(4), 2, Uint16Array.of(299, 300)), 300, /in \[0, 300\), got 300 at row 1/],
  ["a class below 0", split(new Uint8Array(4), 2, Int32Array.of(0, -1)), 3, /got -1 at row 1/],
  ["words", split(new Uint8Array(2), 1, ["a", "b"] as unknown as Labels), 2, /Int32Array, got Array/],
])("%s is refused", (_, given, classes, message) => {
  expect(() => checkSplit(given, classes)).toThrow(DataError);
  expect(() => checkSplit(given, classes)).toThrow(message);
});

// The first is what a canvas gives: its bytes were learnt from as numbers up to 255, not to 1.
test.each([Uint8ClampedArray, Int8Array, Uint16Array, Int32Array, Array])("images in a %o are refused", (kind) => {
  const data = new kind(6) as unknown as Uint8Array;
  expect(() => checkSplit(split(data, 2, new Uint8Array(3)), 2)).toThrow(
    `data set: images must be one of Uint8Array, Float32Array, Float64Array, got ${kind.name}. Convert them.`,
  );
});

test("a value that is not finite is found wherever it stands, and named by row and column", () => {
  const odd = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(),
      odd,
      (rows, width, at, x) => {
        const data = new Float32Array(rows * width).fill(3.4e38);
        const labels = new Uint8Array(rows);
        expect(() => checkSplit(split(data, width, labels), 2)).not.toThrow();
        const place = at % data.length;
        data[place] = x;
        const [row, column] = [Math.floor(place / width), place % width];
        expect(() => checkSplit(split(data, width, labels), 2)).toThrow(`got ${x} at row ${row}, column ${column}.`);
      },
    ),
  );
});

test("names of the file, its lines and columns stand in the sentence", () => {
  const given = split(Float32Array.of(1, 2, 3, Number.NaN), 2, new Uint8Array(2));
  const names = { where: "t.csv", columns: ["length", "width"], lines: [2, 5] };
  expect(() => checkSplit(given, 2, names)).toThrow(
    "t.csv: every value must be a finite number, got NaN at line 5, column width.",
  );
});
