import { expect, test } from "vitest";
import { answersFor, rowsFor } from "./apply.ts";
import type { ModelState } from "./model-state.ts";
import { readTable } from "./table.ts";

const column = (name: string) => ({ name, kind: "number", absent: [], fill: null });

/** A model of two numbers and a yes or no, by the names of its columns. */
function stateOf([a, b, target]: readonly string[]): Pick<ModelState, "inputs" | "targets"> {
  return {
    inputs: { kind: "table", size: 2, columns: [column(a), column(b)], decimal: "point", scales: null },
    targets: { kind: "classes", name: target, classNames: ["p", "q"] },
  } as unknown as Pick<ModelState, "inputs" | "targets">;
}

test.each([
  ["all names", "a,b,y", ["a", "b", "y"]],
  ["a name of the answer alone", ",,y", ["#1", "#2", "y"]],
  ["no name of the answer", "a,b,", ["a", "b", "#3"]],
  ["one name", ",b,", ["#1", "b", "#3"]],
])("a header with %s is one for inputs and answers alike", (_, header, names) => {
  const table = readTable(`${header}\n1,2,q\n3,4,p\n`, "t.csv", { target: names[2] });
  const { data, count } = rowsFor(table, stateOf(names));
  expect([count, Array.from(data)]).toEqual([2, [1, 2, 3, 4]]);
  expect(Array.from(answersFor(table, stateOf(names), 2))).toEqual([1, 0]);
});

test("a model of a table without names takes the first row as data, and knows the columns by number", () => {
  const names = ["#1", "#2", "#3"];
  const table = readTable("1,2,q\n3,4,p\n", "t.csv", { target: "#3", header: false });
  expect(rowsFor(table, stateOf(names)).count).toBe(2);
  expect(Array.from(answersFor(table, stateOf(names), 2))).toEqual([1, 0]);
});

test("where the model has empty names, a table without a header is refused, not shortened by its first row", () => {
  const table = readTable("1,2,q\n3,4,p\n", "t.csv", { target: "#3", header: false });
  expect(() => rowsFor(table, stateOf(["#1", "#2", "y"]))).toThrow(
    /it must have the column #1 that the model learnt from/,
  );
});
