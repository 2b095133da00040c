import { expect, test } from "vitest";
import { readLabelledTable } from "../../src/data/csv/read-csv.ts";
import { mlp } from "../../src/model/blueprint.ts";
import { regress } from "../../src/model/classify.ts";
import { modelFromBytes } from "../../src/model/load.ts";
import { readTable } from "../../src/model/table.ts";

/** A table of profits, every third a loss, and the kind of each. */
const csv = (loss: (amount: number) => string, profit = (amount: number) => `${amount}`) =>
  `profit,kind\n${Array.from({ length: 30 }, (_, i) => `"${i % 3 ? profit(i + 1) : loss(i + 1)}",${i % 2 ? "a" : "b"}`).join("\n")}\n`;

test.each([
  ["brackets", csv((x) => `(${x})`), "(1)"],
  [
    "brackets behind a currency",
    csv(
      (x) => `$ (${x}.00)`,
      (x) => `$ ${x}.00`,
    ),
    "$ (1.00)",
  ],
  ["the triangle of Japanese accounts", csv((x) => `▲${x}`), "▲1"],
  [
    "the white triangle, with a unit",
    csv(
      (x) => `△${x}%`,
      (x) => `${x}%`,
    ),
    "△1%",
  ],
  ["a minus behind", csv((x) => `${x}-`), "1-"],
])("losses by %s are negative numbers, said with their undo", (_, text, sample) => {
  const { rows, notes } = readLabelledTable(text, "accounts.csv");
  expect([...rows.data].slice(0, 6)).toEqual([-1, 2, 3, -4, 5, 6]);
  const said = notes.map(({ text: told, flag }) => `${(told as { en: string }).en} [${flag}]`);
  expect(said).toContain(`"${sample}" in profit is read as the negative number -1 [--column profit=category]`);
});

test("numbers in brackets throughout are no losses: they count something", () => {
  const rows = Array.from({ length: 30 }, (_, i) => `(${(i % 3) + 1}),${i},${i % 2 ? "a" : "b"}`).join("\n");
  const { features } = readLabelledTable(`step,value,kind\n${rows}\n`, "steps.csv");
  expect(features).toEqual(["step=(1)", "step=(2)", "step=(3)", "value"]);
});

test("a header of numbers in brackets names its columns", () => {
  const rows = Array.from({ length: 20 }, (_, i) => `${i},${i * 2},${i % 2 ? "x" : "y"}`).join("\n");
  const { features, rows: read } = readLabelledTable(`(1),(2),kind\n${rows}\n`, "survey.csv");
  expect([features, read.count]).toEqual([["(1)", "(2)"], 20]);
});

test("an arrow downward is refused by its line, so that arrows upward are not taken for losses", () => {
  expect(() =>
    readLabelledTable(
      csv((x) => (x === 1 ? "▼1" : `▲${x}`)),
      "prices.csv",
    ),
  ).toThrow(/line 2: column profit must hold numbers, got "▼1"/);
});

test("a saved model reads losses as its table wrote them", async () => {
  const table = readTable(
    csv((x) => `(${x})`),
    "accounts.csv",
    { target: "profit" },
  );
  const model = regress(mlp([4]));
  await model.fit(table, { epochs: 1 });
  const again = modelFromBytes(model.toBytes());
  expect(again.evaluate(table)).toEqual(
    model.evaluate(
      readTable(
        csv((x) => `-${x}`),
        "plain.csv",
        { target: "profit" },
      ),
    ),
  );
});
