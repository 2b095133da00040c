import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readLabelledTable } from "../../src/data/csv/read-csv.ts";
import type { CsvOptions } from "../../src/data/csv/read-options.ts";
import { columnScales, standardized } from "../../src/data/standardize.ts";

/** The inputs that people publicly met trouble with, each beside what it must give. */
function read(name: string, options?: CsvOptions) {
  const table = readLabelledTable(readFileSync(new URL(`csv/${name}`, import.meta.url)), name, options);
  const { rows, features, label, classNames, skipped, notes } = table;
  const said = notes.map(({ text, flag }) => `${(text as { en: string }).en} [${flag}]`);
  return { shape: [rows.count, rows.width], features, label, classNames, skipped, said, table };
}

const scaledColumn = (name: string, j: number) => {
  const { rows } = read(name).table;
  const all = Int32Array.from({ length: rows.count }, (_, i) => i);
  const { data, width } = standardized(rows, all, columnScales(rows, all));
  return Array.from({ length: rows.count }, (_, i) => data[i * width + j]);
};

test.each<[string, object, RegExp]>([
  [
    "bool-feature.csv",
    { shape: [40, 2], features: ["f", "v"], classNames: ["a", "b"] },
    /f holds yes or no.*--column f=category/,
  ],
  [
    "category-feature.csv",
    { shape: [40, 3], features: ["sex=female", "sex=male", "age"], label: "survived", classNames: ["0", "1"] },
    /sex holds words/,
  ],
  [
    "class-none.csv",
    { shape: [60, 2], label: "disorder", classNames: ["Apnea", "Insomnia", "None"], skipped: 0 },
    /"None" in disorder is a class.*--absent None/,
  ],
  ["dates.csv", { shape: [40, 2], features: ["date", "v"] }, /date holds dates/],
  [
    "header-has-number.csv",
    { shape: [40, 2], features: ["2019", "2020"], label: "grade" },
    /first row names.*--no-header/,
  ],
  ["pipe.csv", { shape: [40, 2], classNames: ["no", "yes"] }, /parted by bars/],
  ["semicolon-decimal-comma.csv", { shape: [40, 2], classNames: ["no", "yes"] }, /decimal comma.*--decimal point/],
  ["sep-line.csv", { shape: [40, 2], features: ["a", "b"] }, /semicolons, as the line sep= says/],
  ["tiny.csv", { shape: [40, 2] }, /column b is always "0"/],
  ["trailing-comma.csv", { shape: [40, 2], features: ["a", "b"], label: "c" }, /empty last column/],
  ["unix-seconds.csv", { shape: [80, 1], classNames: ["early", "late"] }, /column c holds the classes/],
  [
    "utf16le-bom.csv",
    { shape: [40, 2], features: ["身長", "体重"], label: "組", classNames: ["東", "西"] },
    /parted by commas/,
  ],
])("%s is read right, and what was guessed is said with its undo", (name, expected, said) => {
  const found = read(name);
  expect(found).toMatchObject(expected);
  expect(found.said.join("\n")).toMatch(said);
});

test("an undo is taken: the option of a note reads the file otherwise", () => {
  expect(() => read("class-none.csv", { absent: ["None"] })).toThrow(
    /line 2: column disorder must have a value, got "None"/,
  );
  expect(read("class-none.csv", { absent: ["None"], missing: "skip" })).toMatchObject({ skipped: 20 });
  expect(read("bool-feature.csv", { kinds: { f: "category" } }).features).toEqual(["f=FALSE", "f=TRUE", "v"]);
  expect(read("header-has-number.csv", { header: false }).classNames).toEqual(["grade", "no", "yes"]);
  expect(() => read("semicolon-decimal-comma.csv", { decimal: "point" })).toThrow(
    /a must hold numbers|at least 1 column|different/,
  );
});

test("large, tiny and dated columns still tell their rows apart once they are float32", () => {
  expect(new Set(scaledColumn("unix-seconds.csv", 0)).size).toBeGreaterThan(2);
  expect(new Set(scaledColumn("tiny.csv", 0))).toEqual(new Set([-1, 1]));
  expect(new Set(scaledColumn("tiny.csv", 1))).toEqual(new Set([0]));
  expect(new Set(scaledColumn("dates.csv", 0)).size).toBe(
    new Set(readFileSync(new URL("csv/dates.csv", import.meta.url), "utf8").match(/\d{4}-\d\d-\d\d/g)).size,
  );
});
