import { describe, expect, test } from "vitest";
import { mlp } from "../../model/blueprint.ts";
import { classify } from "../../model/classify.ts";
import { readTable } from "../../model/table.ts";
import { readLabelledTable } from "./read-csv.ts";

const rows = Array.from({ length: 8 }, (_, i) => `${i},${i % 3},${i % 2 ? "a" : "b"},constructor`);
const csv = ["n,m,k,w", ...rows].join("\n");

describe("what is said of a table and cannot be meant is refused", () => {
  test.each<[options: object, says: string]>([
    [{ missing: "drop" }, 'missing must be a known name, got "drop". Known: refuse, skip, fill.'],
    [{ decimal: "," }, 'decimal must be a known name, got ",". Known: point, comma.'],
    [{ dateOrder: "dym" }, 'dateOrder must be a known name, got "dym". Did you mean dmy?'],
    [{ kinds: { n: "cat" } }, 'kinds.n must be a known name, got "cat".'],
    [{ words: { k: "ab" } }, 'words.k must be a list of text such as ["a", "b"], got "ab".'],
    [{ features: "n" }, 'features must be a list of text such as ["a", "b"], got "n".'],
    [{ absent: "NA" }, 'absent must be a list of text such as ["a", "b"], got "NA".'],
    [{ header: "yes" }, 'header must be true or false, got "yes".'],
    [{ mostClasses: 1 }, "mostClasses must be a whole number of 2 or more, got 1."],
    [{ target: 3 }, 'target must be a list of text such as ["a", "b"], got 3.'],
  ])("%j", (options, says) => {
    expect(() => readTable(csv, "t.csv", options as never)).toThrow(`readTable: ${says}`);
    expect(() => readLabelledTable(csv, "t.csv", options)).toThrow(`readLabelledTable: ${says}`);
  });

  test.each<[columns: object, says: string]>([
    [{ n: "numbr", k: ["a", "b"] }, 'readTable: columns.n must be a known name, got "numbr". Did you mean number?'],
    [{ n: "number", k: [1, 2] }, 'readTable: columns.k must be a list of text such as ["a", "b"], got [1,2].'],
  ])("columns %j", (columns, says) => {
    expect(() => readTable(csv, "t.csv", { columns, target: "k" } as never)).toThrow(says);
  });

  test.each<[options: object, says: string]>([
    [
      { words: { kk: ["a"] } },
      't.csv: a column whose words are given must be one of its 4 columns, got "kk". Did you mean k?',
    ],
    [{ features: ["n", "#1"] }, "t.csv: a column to learn from may stand once, got n twice. Leave one out."],
  ])("of its columns: %j", (options, says) => {
    expect(() => readLabelledTable(csv, "t.csv", { target: "k", ...options })).toThrow(says);
  });
});

test("columns whose words are given may be named by number, as all others", () => {
  const { classNames, features } = readLabelledTable(csv, "t.csv", {
    target: "k",
    words: { "#3": ["b", "a", "c"], "#4": ["constructor", "toString"] },
  });
  expect(classNames).toEqual(["b", "a", "c"]);
  expect(features).toEqual(["n", "m", "w=constructor", "w=toString"]);
});

test("a column may be called as what every object has", async () => {
  const table = readTable(csv.replace("n,m,k,w", "n,m,constructor,toString"), "t.csv", { target: "constructor" });
  const model = classify(mlp([2]));
  await model.fit(table, { epochs: 1 });
  expect(["a", "b"]).toContain(model.predict({ n: 1, m: 1, toString: "constructor" }).class);
});
