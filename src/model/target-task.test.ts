import { expect, test } from "vitest";
import { readTable } from "./table.ts";
import { targetColumns, taskOfTargets } from "./target-task.ts";

const table = readTable(
  [
    'x,words,yes,no,"a, b",count,price,mixed',
    ...Array.from(
      { length: 12 },
      (_, i) =>
        `${i},${"pq"[i % 2]},${i % 3 ? "yes" : "no"},${i % 2},${i / 2},${i % 3},${i * 1.5},${i % 2 ? "no" : "yes"}`,
    ),
  ].join("\n"),
  "table.csv",
);

test.each([
  [["words"], "classification"],
  [["yes"], "classification"],
  [["count"], "classification"],
  [["price"], "regression"],
  [["x"], "regression"],
  [["#7"], "regression"],
  [["yes", "mixed"], "multilabel"],
  [["yes", "no"], "multilabel"],
  [["x", "price"], "regression"],
  [["no", "price"], "regression"],
])("%j ask for %s", (targets, task) => {
  expect(taskOfTargets(table, targets).task).toBe(task);
});

test("commas part columns, unless a column has them in its name", () => {
  expect(targetColumns(table, "x, price")).toEqual(["x", "price"]);
  expect(targetColumns(table, "a, b")).toEqual(["a, b"]);
});

test("columns of words beside others, and columns that are not there, are refused in a sentence", () => {
  expect(() => taskOfTargets(table, ["price", "words"])).toThrow(
    /all hold numbers, or all yes or no, got words in words/,
  );
  expect(() => taskOfTargets(table, ["yes", "price"])).toThrow(/got both in yes/);
  expect(() => taskOfTargets(table, ["prise"])).toThrow(/Did you mean price\?/);
});
