import { expect, test } from "vitest";
import { csvCell, csvRows } from "../../src/core/csv.ts";
import type { LabelledTable } from "../../src/data/csv/labelled-table.ts";
import { readLabelledTable } from "../../src/data/csv/read-csv.ts";
import { mlp } from "../../src/model/blueprint.ts";
import { classify } from "../../src/model/classify.ts";
import { readTable } from "../../src/model/table.ts";

// The forms of tables that everybody meets first: of UCI's repository, of R, pandas and Excel, and what is none.

const rows = (count: number, row: (i: number) => string) => Array.from({ length: count }, (_, i) => row(i)).join("\n");
const kind = (i: number) => (i % 3 === 0 ? "u" : "v");
const said = ({ notes }: Pick<LabelledTable, "notes">) =>
  notes.map(({ text, flag }) => `${typeof text === "string" ? text : text.en} [${flag}]`);

test.each([
  ["pandas' index without a name", `,a,y\n${rows(20, (i) => `${i},${i * i},${kind(i)}`)}`, "#1", "#1"],
  [
    "pandas' index read and written again",
    `Unnamed: 0,a,y\n${rows(6, (i) => `${i},${i * i},${kind(i)}`)}`,
    "Unnamed: 0",
    "",
  ],
  ["R's row names", `"rownames","a","y"\n${rows(6, (i) => `"${i + 1}",${i * i},"${kind(i)}"`)}`, "rownames", ""],
  ["passengers", `PassengerId,a,y\n${rows(8, (i) => `${i + 892},${i * i},${kind(i)}`)}`, "PassengerId", ""],
  [
    "numbers of patients in any order",
    `id,a,y\n${rows(8, (i) => `${(i * 7919) % 1009},${i * i},${kind(i)}`)}`,
    "id",
    "",
  ],
  ["会員番号", `会員番号,購入額,区分\n${rows(8, (i) => `${1000 + i * 3},${i * i},${kind(i)}`)}`, "会員番号", ""],
  ["a file without a header, sorted by class", rows(30, (i) => `${i + 1},${i % 7},${i < 15 ? "u" : "v"}`), "#1", ""],
])("%s is left out, which is said with its undo", (_, text, column) => {
  const table = readLabelledTable(text, "t.csv");
  expect(table.features).not.toContain(column);
  expect(table.features).toHaveLength(1);
  const note = said(table).find((one) => one.includes("name the rows"));
  expect(note).toContain(`column ${column} is left out`);
  const kinds = { [column]: "number" } as const;
  expect(readLabelledTable(text, "t.csv", { kinds }).features).toContain(column);
  expect(readLabelledTable(text, "t.csv", { features: [column] }).features).toEqual([column]);
});

test.each([
  ["x counted by one", `x,z,y\n${rows(20, (i) => `${i},${i * i},${kind(i)}`)}`, ["x", "z"]],
  ["years", `year,z,y\n${rows(20, (i) => `${1990 + i},${i * i},${kind(i)}`)}`, ["year", "z"]],
  ["an id that comes again", `id,z,y\n${rows(20, (i) => `${i % 9},${i * i},${kind(i)}`)}`, ["id", "z"]],
  ["an id with fractions", `id,z,y\n${rows(20, (i) => `${i}.5,${i * i},${kind(i)}`)}`, ["id", "z"]],
  [
    "a number that does not count",
    `number,z,y\n${rows(20, (i) => `${(i * 7) % 23},${i * i},${kind(i)}`)}`,
    ["number", "z"],
  ],
  ["words that end alike", `humid,z,y\n${rows(20, (i) => `${i},${i * i},${kind(i)}`)}`, ["humid", "z"]],
  ["nothing but an id", `id,y\n${rows(20, (i) => `${i},${kind(i)}`)}`, ["id"]],
  ["a few rows without names", rows(5, (i) => `${i + 1},${(i * 3) % 7},${kind(i)}`), ["#1", "#2"]],
])("%s is learnt from", (_, text, features) => {
  const table = readLabelledTable(text, "t.csv");
  expect(table.features).toEqual(features);
  expect(said(table).join()).not.toContain("name the rows");
});

test("a model that did not learn from an id takes rows with and without it", async () => {
  const text = `id,a,y\n${rows(20, (i) => `${i},${i * i},${kind(i)}`)}\n`;
  const model = classify(mlp([4]));
  await model.fit(readTable(text, "t.csv", { target: "y" }), { epochs: 1 });
  expect(model.predict({ id: 999_999, a: 4 })).toEqual(model.predict({ a: 4 }));
});

test("R's table, whose header has one name less, keeps each name over its column", () => {
  const table = readLabelledTable(
    `"a" "b" "y"\n${rows(12, (i) => `"${i + 1}" ${i * i} ${-i} "${kind(i)}"`)}\n`,
    "r.txt",
  );
  expect([table.features, table.label]).toEqual([["a", "b"], "y"]);
  expect([...table.rows.data.slice(0, 4)]).toEqual([0, 0, 1, -1]);
  expect(said(table).join("\n")).toContain("as R writes tables");
  const cars = readLabelledTable(
    `mpg cyl gear\n${rows(9, (i) => `"Mazda RX${i}" ${20 + i / 2} ${4 + (i % 2)} g${i % 3}`)}\n`,
    "mtcars.txt",
    {
      target: "gear",
    },
  );
  expect(cars.features).toEqual([
    "#1=Mazda RX0",
    ...Array.from({ length: 8 }, (_, i) => `#1=Mazda RX${i + 1}`),
    "mpg",
    "cyl",
  ]);
});

test.each([
  ["one row too long", `a,b\n${rows(8, (i) => (i === 3 ? "1,2,3" : `${i},2`))}`, /line 5: .*2 cells.*got 3/],
  ["rows whose first cells come again", `a,b\n${rows(8, (i) => `${i % 3},2,x`)}`, /line 2: .*2 cells.*got 3/],
  ["rows that are measured throughout", `a,b\n${rows(8, (i) => `${i}.5,2,x`)}`, /line 2: .*2 cells.*got 3/],
  ["a first row of numbers", `1,2\n${rows(8, (i) => `${i},2,x`)}`, /line 2: .*2 cells.*got 3/],
])("%s below a shorter first row are refused by their line", (_, text, sentence) => {
  expect(() => readLabelledTable(text, "t.csv")).toThrow(sentence);
});

test("empty rows below a sheet are left out and said; one within is refused by its line", () => {
  const sheet = `a,b,y\n${rows(8, (i) => `${i * i},${-i},${kind(i)}`)}\n`;
  const table = readLabelledTable(`${sheet},,\n , ,\n,,\n`, "t.csv");
  expect([table.rows.count, said(table)[1]]).toEqual([8, "empty rows at the end are left out (3) [null]"]);
  expect(() => readLabelledTable(`${sheet},,\n1,2,u\n`, "t.csv")).toThrow(/line 10: column y must have a value/);
  expect(() => readLabelledTable(",,\n,,\n", "t.csv")).toThrow(/got an empty file/);
});

test.each([
  ["a title", "Sales of 2024\n", 1],
  ["a title in Japanese", "売上一覧\n", 1],
  ["a title that a spreadsheet pads", "売上一覧,,\n", 1],
  ["a title, its source and a blank line", "Sales by year\nsource: statistics office\n\n", 2],
  ["what adult.test begins with", "|1x3 Cross validator\n", 1],
  ["a comment", "# made by a program\n", 1],
])("%s above a table is left out and said, and lines keep their numbers", (_, above, lines) => {
  const body = (odd: string) => `a,b,y\n${rows(8, (i) => `${i * i},${i === 5 ? odd : -i},${kind(i)}`)}\n`;
  const table = readLabelledTable(above + body("7"), "t.csv");
  expect([table.features, table.label, table.rows.count]).toEqual([["a", "b"], "y", 8]);
  expect(said(table)[1]).toMatch(new RegExp(`lines above the table are left out \\(${lines}\\): "`));
  const line = above.split("\n").length - 1 + 7;
  expect(() => readLabelledTable(above + body("x"), "t.csv")).toThrow(
    new RegExp(`line ${line}: column b must hold numbers`),
  );
});

test.each([
  ["a header of one name too few", `a\n${rows(8, (i) => `${i % 3}.5,${kind(i)}`)}`, /line 2: .*1 cells.*got 2/],
  ["a number above a table", `3\n${rows(8, (i) => `${i},2,x`)}`, /line 2: .*1 cells.*got 3/],
  ["a line of two cells", `Sales, 2024\n${rows(8, (i) => `${i},2,x`)}`, /line 2: .*got 3/],
  ["a title above too little", `Sales of 2024\n1,2,x\n3,4,y\n`, /line 2: .*1 cells.*got 3/],
])("%s is refused by its line as ever", (_, text, sentence) => {
  expect(() => readLabelledTable(text, "t.csv")).toThrow(sentence);
});

test("an unnamed index beside one column stays the header", () => {
  const table = readLabelledTable(`,y\n${rows(12, (i) => `${i},${kind(i)}`)}`, "series.csv");
  expect([table.features, table.label]).toEqual([["#1"], "y"]);
});

test("numbers grouped as India does are numbers", () => {
  const price = (i: number) => `"${i + 1},${10 + i},${300 + i}"`;
  const table = readLabelledTable(`price,area,y\n${rows(20, (i) => `${price(i)},${i / 8},${kind(i)}`)}\n`, "t.csv");
  expect(table.features).toEqual(["price", "area"]);
  expect([...table.rows.data.slice(0, 4)]).toEqual([110_300, 0, 211_301, 0.125]);
  const wrong = readTable(`a,y\n${rows(8, (i) => `${i}.5,${kind(i)}`)}\n"1,2,345",u\n`, "t.csv", { target: "y" });
  return expect(classify(mlp([4])).fit(wrong, { epochs: 1 })).rejects.toThrow(/line 10: .*numbers, got "1,2,345"/);
});

test.each([
  ["LIBSVM", "+1 1:0.5 3:1\n-1 2:0.25\n\n+1 1:1\n", /LIBSVM's sparse form/],
  ["ARFF", "% Title\n%\n@RELATION iris\n@ATTRIBUTE a NUMERIC\n@DATA\n1\n", /Weka's ARFF/],
  ["many comments and no ARFF", `${"% ".repeat(200)}\n1,2\n`, /every row must have/],
])("%s is no table", (_, text, sentence) => {
  expect(() => readLabelledTable(text, "t.csv")).toThrow(sentence);
});

test("a table of times is no LIBSVM", () => {
  const table = readLabelledTable(
    rows(8, (i) => `${i % 2} 1${i}:30 2${i % 3}:45`),
    "t.txt",
    { target: "#1" },
  );
  expect(table.label).toBe("#1");
});

test("classes such as -1 and +1 are written as they are told, for a spreadsheet too", () => {
  expect(["-1", "+1", "-.5e3", "+", "-1+2", "-x"].map(csvCell)).toEqual(["-1", "+1", "-.5e3", "'+", "'-1+2", "'-x"]);
  for (const text of ["-1", "'-1", "''-1", "'-x", "+1"]) {
    expect(csvRows(`${csvCell(text)},2\n`)).toEqual([[text, "2"]]);
  }
});
