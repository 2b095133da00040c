import { expect, test } from "vitest";
import { renderSection } from "./report.ts";
import type { ReportSection } from "./report-spec.ts";

const section = (value: string): ReportSection => ({
  ...{ id: "a", title: "A", summary: "", prose: { en: "As in the book.", ja: "本のとおり。" }, figures: [] },
  ...{ table: { columns: [], rows: [] }, details: [], findings: [], notes: [], formulas: [], facts: [] },
  settings: [{ name: "lr", value, book: "0.1", about: "" }],
});

test("a text about the book's settings says which are others here, and says nothing where none is", () => {
  expect(renderSection(section("0.2"))).toMatch(/Here these are others:.*<code>lr<\/code><\/p>/);
  expect(renderSection(section("0.1"))).not.toContain("Here these are others");
});
