import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inLanguage, type Text } from "../core/text.ts";
import { displayWidth } from "../figure/text-width.ts";
import { tableLines } from "./table.ts";

const terminal = (columns: number, live = true) => ({
  columns,
  live,
  language: "en" as const,
  text: (text: Text) => inLanguage(text, "en"),
});

const runs = {
  columns: ["run", "experiment", "seconds", "state"],
  rows: [
    ["20261130-133133-bb17", "optimizer-comparison", 1.25, "done"],
    ["20261130-133139-af78", "init-comparison", 12.5, "went over its memory"],
  ],
};

test("where there is room a row is a line, its numbers to the right", () => {
  expect(tableLines(runs, terminal(80))).toEqual([
    "  run                   experiment            seconds  state",
    "  ────────────────────  ────────────────────  ───────  ────────────────────",
    "  20261130-133133-bb17  optimizer-comparison    1.250  done",
    "  20261130-133139-af78  init-comparison         12.50  went over its memory",
  ]);
});

describe("in a narrower terminal", () => {
  test("texts go on below within their columns", () => {
    expect(tableLines(runs, terminal(66))).toEqual([
      "  run                   experiment            seconds  state",
      "  ────────────────────  ────────────────────  ───────  ───────────",
      "  20261130-133133-bb17  optimizer-comparison    1.250  done",
      "  20261130-133139-af78  init-comparison         12.50  went over",
      "                                                       its memory",
    ]);
  });

  test("words break too where there is no other way, but for what names the row", () => {
    expect(tableLines(runs, terminal(50))).toEqual([
      "  run                  experiment seconds state",
      "  ──────────────────── ────────── ─────── ────────",
      "  20261130-133133-bb17 optimizer-   1.250 done",
      "                       comparison",
      "  20261130-133139-af78 init-        12.50 went",
      "                       comparison         over its",
      "                                          memory",
    ]);
  });

  test("no line is wider than it, wherever words are short enough", () => {
    const cell = fc.oneof(
      fc
        .array(fc.constantFrom("learning", "rate", "a", "重みの", "初期値。", "1,2,3"), { maxLength: 12 })
        .map((words) => words.join(" ")),
      fc.integer({ min: 0, max: 9999 }),
    );
    const columns = ["name", "range of it", "意味"];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 }),
        fc.integer({ min: 40, max: 120 }),
        (rows, width) => {
          const lines = tableLines({ columns, rows }, terminal(width));
          expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

test("what a program reads is one line a row, however long", () => {
  expect(tableLines(runs, terminal(40, false))).toEqual(tableLines(runs, terminal(80)));
});
