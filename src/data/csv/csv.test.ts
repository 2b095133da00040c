import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyText } from "../../../test/support/any-text.ts";
import { inLanguage } from "../../core/text.ts";
import { CsvError } from "./csv-error.ts";
import { CsvReader, type CsvTable } from "./csv-reader.ts";
import { columnNames, looksHeaded } from "./header.ts";
import { labelledTable } from "./labelled-table.ts";
import { numberOf } from "./numeral.ts";
import { csvTable } from "./read-csv.ts";
import { csvLimits } from "./read-options.ts";

function parseCsv(name: string, text: string): CsvTable {
  return csvTable(text, name, { limits: csvLimits });
}

function errorOf(run: () => unknown): CsvError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(CsvError);
    return error as CsvError;
  }
  throw new Error("nothing was thrown");
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const cell = fc.string({ maxLength: 12, unit: fc.constantFrom("a", "7", ".", ",", ";", '"', "\n", "é", "あ", "<") });

test("any table written with quotes reads back, whatever the line ends and wherever its text is cut", () => {
  const table = fc
    .integer({ min: 2, max: 5 })
    .chain((columns) =>
      fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 8 }),
    );
  fc.assert(
    fc.property(table, fc.constantFrom("\n", "\r\n", "\r"), fc.nat(), (given, end, cut) => {
      // An empty last column without a name would be left out.
      const rows = given.map((row) => [...row, "z"]);
      const text = rows.map((row) => row.map(quoted).join(",")).join(end);
      const reader = new CsvReader("t.csv", { encoding: "utf-8", separator: "," });
      const at = cut % (text.length + 1);
      reader.push(text.slice(0, at));
      reader.push(text.slice(at));
      const { cells } = reader.end();
      expect(cells).toEqual(rows.flat().map((value) => value.trim()));
    }),
  );
});

test("any text is read or refused with one sentence in both languages; nothing else happens", () => {
  fc.assert(
    fc.property(anyText({ maxLength: 120 }), fc.nat(3), (text, label) => {
      try {
        const table = parseCsv("t.csv", text);
        labelledTable(table, { target: `#${label + 1}`, missing: "skip" });
      } catch (error) {
        expect(error).toBeInstanceOf(CsvError);
        const { en, ja } = (error as CsvError).text as { en: string; ja: string };
        expect(en).toMatch(/^t\.csv/);
        expect(ja).toMatch(/[ぁ-ん]/);
        expect(en).not.toContain("\n");
      }
    }),
    { numRuns: 100 },
  );
});

test("blank lines are skipped, spaces around cells too, and lines keep their numbers", () => {
  const table = parseCsv("t.csv", "\n x , y\n\n1,2\n\n");
  expect(table.cells).toEqual(["x", "y", "1", "2"]);
  expect(table.lines).toEqual([2, 4]);
});

const numerals = {
  ...{ "1": 1, "-2.5": -2.5, ".5": 0.5, "1e3": 1000, "1,000": 1000, "12 345.5": 12345.5, "−１．５": -1.5 },
  ...{
    "12.5%": 12.5,
    "12\u00a0％": 12,
    "-$1,200.50": -1200.5,
    "$-3": -3,
    "￥980": 980,
    "3 €": 3,
    "40円": 40,
    "21 °C": 21,
  },
  // As accountants write losses.
  ...{
    "(1,200)": -1200,
    "(0)": 0,
    "（５）": -5,
    "$ (1,200.50)": -1200.5,
    "($3)": -3,
    "(12.5)%": -12.5,
    "▲1,200": -1200,
    "△ 5%": -5,
    "1,200-": -1200,
    "- 7": -7,
  },
};
const others = [
  "0x10",
  "Infinity",
  "1_000",
  "1 2",
  "",
  "1,00",
  "$",
  "%",
  "$3€",
  "--3%",
  "3kg",
  "p$3",
  "(-5)",
  "()",
  "(a)",
  "((5))",
  "▲",
  "▼5",
  "--",
  "5--",
  "1-2",
];

test.each([...Object.entries(numerals), ...others.map((text): [string, number] => [text, NaN])])(
  "only decimal numerals, with a unit or without, are numbers, negative ones as accountants write them too: %s",
  (text, value) => {
    expect(numberOf(text)).toBe(value);
  },
);

describe("what is refused, with its line", () => {
  test.each([
    ["ragged rows", "a,b\n1,2\n3\n", 3, "every row must have 2 cells as the first has, got 1"],
    ["too many cells", "a,b\n1,2,3\n", 2, "got 3"],
    ["a quote never closed", 'a,b\n"1,2\n3,4', 2, "must end with"],
    ["text behind a quote", 'a,b\n"1"x,2', 2, 'got "x"'],
    ["a cell without end", `a,b\n${"9".repeat(csvLimits.characters + 1)},2`, 2, "at most 1000 characters"],
    ["a row without end", `${"1,".repeat(csvLimits.columns + 1)}\n`, 1, "at most 1000 columns"],
  ])("%s", (_, text, line, words) => {
    const error = errorOf(() => parseCsv("t.csv", text));
    expect(error.line).toBe(line);
    expect(error.message).toContain(`t.csv, line ${line}: `);
    expect(error.message).toContain(words);
  });

  test.each(["ab", "", '"', "\n"])("the separator %j", (separator) => {
    const error = errorOf(() => csvTable("a,b\n1,2\n", "t.csv", { separator }));
    expect(error.message).toContain(`the separator must be one character, got ${JSON.stringify(separator)}. Give one`);
  });

  test("nothing at all", () => {
    for (const text of ["", "\n\n", "\ufeff", "   "]) {
      expect(errorOf(() => parseCsv("t.csv", text)).message).toContain("an empty file");
    }
  });

  test("more cells than a page can hold", () => {
    const row = `${"1,".repeat(999)}1\n`;
    expect(errorOf(() => parseCsv("t.csv", row.repeat(501))).message).toContain(
      "line 501: a table may have at most 500000 cells",
    );
  });
});

const iris = "length,width,species\n5.1,3.5,setosa\n7.0,3.2,versicolor\n6.3,3.3,virginica\n4.9,3.0,setosa\n";
const use = { header: true, target: "#3" } as const;

describe("a table becomes numbers and classes", () => {
  test("with a header, the classes sorted by name", () => {
    const table = parseCsv("iris.csv", iris);
    expect(looksHeaded(table, "point")).toBe(true);
    const { features, classNames, rows, labels, label } = labelledTable(table, use);
    expect({ features, classNames, label }).toEqual({
      features: ["length", "width"],
      classNames: ["setosa", "versicolor", "virginica"],
      label: "species",
    });
    expect([...labels]).toEqual([0, 1, 2, 0]);
    expect(rows.data).toEqual(Float64Array.from([5.1, 3.5, 7, 3.2, 6.3, 3.3, 4.9, 3]));
  });

  test("without one, columns by number, the classes in order of number", () => {
    const table = parseCsv("t.csv", "1,10,0.5\n2,9,0.5\n3,10,1\n4,9,2\n");
    expect(looksHeaded(table, "point")).toBe(false);
    expect(columnNames(table, false).names).toEqual(["#1", "#2", "#3"]);
    const { classNames, features } = labelledTable(table, { header: false, target: "#2" });
    expect(classNames).toEqual(["9", "10"]);
    expect(features).toEqual(["#1", "#3"]);
  });

  test("words that look alike are different ones, which is said of classes and of inputs", () => {
    const text = "size,shop,kind\n1,Ａ店,Cat\n2,A店,cat\n3,B店,dog\n4,ﾊﾟﾝ屋,cat\n5,パン屋,Cat\n";
    const said = (options: object) =>
      labelledTable(parseCsv("t.csv", text), { header: true, target: "kind", ...options }).notes.flatMap(
        ({ text: told }) => (typeof told !== "string" && told.en.includes("different words") ? [told.en] : []),
      );
    expect(said({})).toEqual([
      '"cat", "Cat" in kind are 2 different words; where they mean the same, write them alike',
      '"Ａ店", "A店" in shop are 2 different words; where they mean the same, write them alike',
      '"ﾊﾟﾝ屋", "パン屋" in shop are 2 different words; where they mean the same, write them alike',
    ]);
    const words = { kind: ["Cat", "cat", "dog"], shop: ["Ａ店", "A店", "B店", "ﾊﾟﾝ屋", "パン屋"] };
    expect(said({ words })).toEqual([]);
  });

  test("classes that are one number, written in two ways, are said to be two", () => {
    const told = (text: string) =>
      labelledTable(parseCsv("t.csv", text), { header: true, target: "y" }).notes.map(({ text: note }) =>
        inLanguage(note, "en"),
      );
    const alike = '"1", "1.0" in y are 2 different words; where they mean the same, write them alike';
    expect(told("x,y\n1,0\n2,1\n3,1.0\n4,0\n")).toContain(alike);
    expect(told("x,y\n1,0\n2,1\n3,10\n4,0\n").join()).not.toContain("different words");
  });

  test("rows with empty cells are refused by line, or left out when asked to", () => {
    const table = parseCsv("t.csv", `${iris}5.0,NA,setosa\n,1,setosa\n`);
    expect(errorOf(() => labelledTable(table, use)).message).toBe(
      't.csv, line 6: column width must have a value, got "NA". Fill it in, or leave out rows with empty cells (missing "skip"; "fill" puts a value there).',
    );
    expect(labelledTable(table, { ...use, missing: "skip" })).toMatchObject({ skipped: 2, rows: { count: 4 } });
  });

  test.each([
    ["a word among numbers", `${iris}big,3,setosa`, use, 'line 6: column length must hold numbers, got "big"'],
    ["a number beyond float64", `${iris}1e400,3,setosa`, use, 'line 6: column length must hold numbers, got "1e400"'],
    ["one class only", iris.replaceAll(/v\w+/g, "setosa"), use, 'at least 2 different values, got only "setosa"'],
    [
      "a label column of many values",
      `a,b\n${Array.from({ length: 30 }, (_, i) => `1,${i}`).join("\n")}`,
      { header: true, target: "b", mostClasses: 20 },
      "got 30 in b",
    ],
    ["no such column", iris, { ...use, target: "#10" }, 'must be one of its 3 columns, got "#10"'],
    ["no column to learn from", "a\n1\n2\n3\n4", { ...use, target: "#1" }, "at least 1 column beside the classes"],
    ["a header alone", "a,b\n", { ...use, target: "#2" }, "got none. Choose another file"],
    ["a header alone that nothing says is one", "a,b\n", { target: "b" }, "rows of values below the header, got none"],
    [
      "a header taken for data",
      "red,b\nred,c\nblue,b\nred,c\n",
      { target: "b" },
      '"b" in a first row that was taken for data',
    ],
    ["too few rows", "a,b\n1,2\n2,1\n", { ...use, target: "#2" }, "at least 4 rows"],
  ])("%s is refused", (_, text, options, words) => {
    expect(errorOf(() => labelledTable(parseCsv("t.csv", text), options)).message).toContain(words);
  });

  test("hostile names stay text, shortened", () => {
    const error = errorOf(() => parseCsv(`<img src=x onerror=alert(1)>${"x".repeat(200)}.csv`, ""));
    expect(error.message.length).toBeLessThan(120);
    const table = parseCsv("t.csv", `<script>alert(1)</script>,=1+1,c\n1,2,a\n1,2,b\n1,2,a\n1,2,b\n`);
    expect(labelledTable(table, use).features).toEqual(["<script>alert(1)</script>", "=1+1"]);
  });
});

test("a word that stands for no value is known after a hundred thousand different numbers too", () => {
  const rows = Array.from({ length: 100_010 }, (_, i) => `${i === 100_005 ? "NA" : i / 7},${i % 2 ? "a" : "b"}\n`);
  const table = csvTable(`x,class\n${rows.join("")}`, "t.csv");
  expect(labelledTable(table, { missing: "skip" })).toMatchObject({ skipped: 1, rows: { count: 100_009 } });
});
