import fc from "fast-check";
import { expect, test } from "vitest";
import { csvCell, csvRows, csvText } from "./csv.ts";

test("text that a spreadsheet would run as a formula gets an apostrophe, a number does not", () => {
  expect(["=1+1", "+x", "-x", "@x", "\tx", "'=x", "x=1", "'x"].map(csvCell)).toEqual([
    ...["'=1+1", "'+x", "'-x", "'@x", "'\tx", "''=x", "x=1", "'x"],
  ]);
  expect([-1.5, Number.NEGATIVE_INFINITY, 1e-7, true, null].map(csvCell)).toEqual([
    "-1.5",
    "-Infinity",
    "1e-7",
    "true",
    "",
  ]);
});

test("quotes are doubled, and cells with quotes, commas or line ends stand in quotes", () => {
  expect(csvText([['a"b', "c,d", "e\nf", '=HYPERLINK("x")']])).toBe('"a""b","c,d","e\nf","\'=HYPERLINK(""x"")"\n');
});

const anyCell = fc.oneof(
  fc.string(),
  fc.array(fc.constantFrom(..."=+-@'\"\t\r\n, 01.eaß鍛"), { maxLength: 6 }).map((pieces) => pieces.join("")),
);

test("whatever text was written is read again", () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyCell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 4 }), (rows) => {
      expect(csvRows(csvText(rows))).toEqual(rows);
    }),
    { numRuns: 300 },
  );
});

test("no text but a number begins as a formula does", () => {
  fc.assert(
    fc.property(anyCell, (text) => {
      const [, first] = /^"?(.?)/s.exec(csvCell(text)) ?? [];
      expect(!"=+-@\t\r".includes(first) || first === "" || Number.isFinite(Number(text))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test.each([
  [
    "an empty cell behind the last comma",
    "a,b\n1,",
    [
      ["a", "b"],
      ["1", ""],
    ],
  ],
  [
    "a last line without an end",
    "a,b\n1,2",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "a quote within a cell",
    'a,b\n3.5" disk,1\n2,3\n',
    [
      ["a", "b"],
      ['3.5" disk', "1"],
      ["2", "3"],
    ],
  ],
  ["a quote that nothing closes", 'a\n"x,y\n1\n', [["a"], ['"x', "y"], ["1"]]],
])("of a table of others no row is lost: %s", (_, text, rows) => {
  expect(csvRows(text)).toEqual(rows);
});
