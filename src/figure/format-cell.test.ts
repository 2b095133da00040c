import { expect, test } from "vitest";
import { formatCell, formatNumber } from "./format-cell.ts";

test.each([
  [null, "–"],
  [0, "0"],
  [1_234_567, "1234567"],
  [0.5, "0.5000"],
  [-2.345678, "-2.346"],
  [12.34, "12.34"],
  [9_876.5, "9877"],
  [999_999.5, "1000000"],
  [1_000_000.5, "1.00e+6"],
  [0.001, "0.001000"],
  [0.0009999, "1.00e-3"],
  [Number.NaN, "NaN"],
  [Number.POSITIVE_INFINITY, "Infinity"],
])("%s in a table is %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("words stand in the reader's language", () => {
  expect([formatCell({ en: "loss", ja: "損失" }, "ja"), formatCell("SGD", "ja"), formatCell(0.25, "en")]).toEqual([
    "損失",
    "SGD",
    "0.2500",
  ]);
});
