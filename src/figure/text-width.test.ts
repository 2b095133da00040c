import fc from "fast-check";
import { expect, test } from "vitest";
import { displayWidth, fitted, fittedCells } from "./text-width.ts";

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
