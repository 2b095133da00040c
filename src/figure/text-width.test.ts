import fc from "fast-check";
import { expect, test } from "vitest";
import { displayWidth, fitted, fittedCells, leastWidth, wrapped } from "./text-width.ts";

const anyText = fc.string({ unit: fc.constantFrom("a", "漢", "i", "𠮷", "…"), maxLength: 40 });

test("a name that fits is left as it is; another keeps its beginning, fits, and ends in an ellipsis", () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 2, max: 30 }), (text, limit) => {
      const short = fittedCells(text, limit);
      if (displayWidth(text) <= limit) {
        expect(short).toBe(text);
      } else {
        expect(displayWidth(short)).toBeLessThanOrEqual(limit);
        expect(short.endsWith("…") && text.startsWith(short.slice(0, -1)) && short.isWellFormed()).toBe(true);
      }
    }),
  );
});

test("a name of two million characters is cut at once", () => {
  const name = "名".repeat(2_000_000);
  expect(fitted(name, 150, 11.5)).toBe(`${"名".repeat(10)}…`);
  expect(fittedCells(name, 11)).toBe(`${"名".repeat(5)}…`);
});

test("marks over a character take no cell, rare kanji and pictures two", () => {
  const name = "データ・が.csv";
  const widths = [name.normalize("NFC"), name.normalize("NFD"), "e\u0301", "𠮷", "📈"].map(displayWidth);
  expect(widths).toEqual([14, 14, 1, 2, 2]);
});

const anyWords = fc.string({
  unit: fc.constantFrom("a", "b", " ", "漢", "字", "ー", "(", "、", "。", ",", "-"),
  maxLength: 60,
});

test.each(["words", "parts"] as const)(
  "lines that break at %s keep every character, and fit where a piece does",
  (at) => {
    fc.assert(
      fc.property(anyWords, fc.integer({ min: 1, max: 30 }), (text, limit) => {
        const lines = wrapped(text, limit, at);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        expect(lines.every((line) => displayWidth(line) <= Math.max(limit, leastWidth(text, at)))).toBe(true);
        expect(lines.slice(1).some((line) => /^[、。ー]/.test(line)) && !/ [、。ー]/.test(text)).toBe(false);
      }),
    );
  },
);

test("a line breaks at spaces, and between full-width characters; what closes a phrase begins no line, what opens one ends none", () => {
  expect(wrapped("a number in [0, 1]", 9)).toEqual(["a number", "in [0, 1]"]);
  expect(wrapped("book は評価時に、掛けます。", 8)).toEqual(["book は", "評価時", "に、掛け", "ます。"]);
  expect(wrapped("エントロピー(省略時)", 10)).toEqual(["エントロ", "ピー(省略", "時)"]);
  expect(wrapped("値は「なし」", 6)).toEqual(["値は", "「な", "し」"]);
  expect(wrapped("optimizer-comparison", 12)).toEqual(["optimizer-comparison"]);
  expect(wrapped("optimizer-comparison", 12, "parts")).toEqual(["optimizer-", "comparison"]);
});
