import { expect, test } from "vitest";
import { csvTable } from "./read-csv.ts";

/** Rows of a table, each with its line in the file, and what was said of the text. */
function read(...lines: string[]) {
  const { cells, columns, lines: at, notes } = csvTable(lines.join("\n"), "t.csv", {});
  const rows = at.map((line, i) => [line, ...cells.slice(i * columns, (i + 1) * columns)]);
  return { rows, notes: notes.map(({ text }) => (text as { en: string }).en).join("; ") };
}
const rows = ["1,2,x", "2,3,y", "3,4,x", "4,5,y"];
const two = ["1,x", "2,y", "3,x", "4,y"];

test("a title above a table is left out, however many separators a spreadsheet put behind it", () => {
  for (const title of ["Sales of the year 2024", "Sales of the year 2024,,", "Sales,,"]) {
    const { rows: kept, notes } = read(title, "a,b,kind", ...rows);
    expect(kept[0]).toEqual([2, "a", "b", "kind"]);
    expect(notes).toContain(title.replace(/,+$/, ""));
  }
});

test("of two columns, or where it is a number, a first row with one value is the table's", () => {
  expect(read("Sales,", "a,kind", ...two).rows[0]).toEqual([1, "Sales", ""]);
  expect(read("2024,,", "a,b,kind", ...rows).rows[0]).toEqual([1, "2024", "", ""]);
  expect(read("1.234.567,,", "a,b,kind", ...rows).rows[0]).toEqual([1, "1.234.567", "", ""]);
});

test("rows that end with a separator are no rows that begin with their names", () => {
  const ended = read("a,kind", ...["p", "q", "r", "s"].map((name, i) => `${name},${i % 2},`));
  expect(ended.rows[0]).toEqual([1, "a", "kind"]);
  const named = read("a,kind", ...["p", "q", "r", "s"].map((name, i) => `${name},${i},${i % 2 ? "x" : "y"}`));
  expect(named.rows[0]).toEqual([1, "", "a", "kind"]);
});

test("lines within quotes count: the row that is wrong is named by its own", () => {
  expect(() => read("a,b", '"x', 'y",1', "2,3", "4")).toThrow("line 5");
});
