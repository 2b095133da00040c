import { expect, test } from "vitest";
import type { FigureSpec, Layer } from "./figure-spec.ts";
import { renderTerminal } from "./terminal.ts";

const figure = (layers: readonly Layer[]): FigureSpec => ({
  id: "f",
  title: "f",
  columns: 1,
  panels: [{ kind: "plane", x: { label: "x" }, y: { label: "y" }, layers }],
});
const line = (name: string, style: number, height: number): Layer => ({
  kind: "curve",
  name,
  style,
  role: "line",
  x: Array.from({ length: 50 }, (_, i) => i),
  y: Array.from({ length: 50 }, (_, i) => height + i / 50),
});

test.each([true, false])(
  "without colour and with it (%s), every curve ends in the letter it has in the legend",
  (color) => {
    const drawn = renderTerminal(figure([line("SGD", 0, 0), line("Adam", 0, 1), line("Lion", 0, 5)]), {
      language: "en",
      columns: 80,
      color,
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
    const plain = drawn.replaceAll(/\u001b\[\d+m/g, "");
    for (const [letter, name] of Object.entries({ A: "SGD", B: "Adam", C: "Lion" })) {
      expect(plain).toContain(`${letter} ${name}`);
      const ends = plain.split("\n").filter((row) => row.includes("│") && row.trimEnd().endsWith(letter));
      expect(ends).toHaveLength(1);
      expect(plain.split("\n").filter((row) => row.includes("│") && row.includes(letter)).length).toBeGreaterThan(1);
    }
  },
);

test("curves that lie on one another have their letters side by side", () => {
  const drawn = renderTerminal(figure([line("one", 0, 0), line("two", 1, 0)]), {
    language: "en",
    columns: 80,
    color: false,
  });
  expect(drawn).toMatch(/B.?A/);
});

test("a single curve needs no letter", () => {
  const drawn = renderTerminal(figure([line("SGD", 0, 0)]), { language: "en", columns: 80, color: false });
  expect(drawn).toContain("■ SGD");
  expect(drawn).not.toMatch(/│.*A/);
});
