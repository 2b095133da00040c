import { expect, test } from "vitest";
import { checkDataset } from "./check-dataset.ts";
import type { Dataset } from "./dataset.ts";

const part = (count: number, width = 2) => ({
  images: { data: new Uint8Array(count * width), count, width },
  labels: Uint8Array.from({ length: count }, (_, i) => i % 3),
});
const whole = { name: "mine", classes: 3, train: part(6), test: part(4) };

test("a whole data set passes", () => {
  checkDataset(whole);
});

test.each<[what: string, given: unknown, says: string]>([
  ["nothing", undefined, "data set: must be what loadDataset gives, or { name, classes, train, test }, got undefined."],
  ["a promise of one", Promise.resolve(whole), "Await loadDataset first."],
  [
    "no number of classes",
    { ...whole, classes: undefined },
    "data set mine: classes must be a whole number in [1, 65535], got undefined.",
  ],
  ["too few classes", { ...whole, classes: 2 }, "data set mine, train: labels must be in [0, 2), got 2 at row 2."],
  ["no test", { ...whole, test: undefined }, "data set: test of mine must hold images as bytes"],
  [
    "numbers for bytes",
    { ...whole, train: { ...part(6), images: { data: new Float32Array(12), count: 6, width: 2 } } },
    "got a Float32Array.",
  ],
  [
    "fewer labels than rows",
    { ...whole, test: { ...part(4), labels: new Uint8Array(3) } },
    "data set mine, test: there must be one label a row (4), got 3 labels.",
  ],
  [
    "rows of two widths",
    { ...whole, test: part(4, 3) },
    "data set: train and test of mine must have rows alike, got 2 and 3 values.",
  ],
])("%s is refused", (_, given, says) => {
  expect(() => checkDataset(given as Dataset)).toThrow(says);
});
