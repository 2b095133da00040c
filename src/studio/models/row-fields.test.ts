import { expect, test } from "vitest";
import { mlp } from "../../model/blueprint.ts";
import { classify } from "../../model/classify.ts";
import { readTable } from "../../model/table.ts";
import { numbersOf, rowFields } from "./row-fields.ts";

test.each([
  ["point", (x: number) => `${x}`, ["1.234", "a"]],
  ["comma", (x: number) => `${x}`.replace(".", ","), ["1,234", "a"]],
] as const)(
  "a form begins with a row that the model reads as its tables are written: decimal %s",
  async (_, written, first) => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `${written(i % 2 ? 1.2335 : 1.2345)};${i % 3 ? "a" : "b"};${i % 2}`,
    );
    const model = classify(mlp([4]));
    await model.fit(readTable(`x;word;kind\n${rows.join("\n")}\n`, "t.csv", { target: "kind" }), { epochs: 1 });
    const fields = rowFields(model.toState().inputs);
    expect(fields.map((field) => field.first)).toEqual(first);
    const row = Object.fromEntries(fields.map((field) => [field.name, field.first]));
    expect(model.predict(row)).toEqual(model.predict({ x: 1.234, word: "a" }));
  },
);

test("a line of numbers is taken whole or not at all", () => {
  expect(numbersOf("1, 2.5;-3\t4e-1")).toEqual([1, 2.5, -3, 0.4]);
  expect([numbersOf(""), numbersOf("1 two"), numbersOf("1e999")]).toEqual([null, null, null]);
});

test.each([
  ["days", (i: number) => `2024-03-${String(i).padStart(2, "0")}`, "2024-03-10"],
  ["minutes of one day", (i: number) => `2024-03-10T12:${String(i).padStart(2, "0")}:00`, "2024-03-10T12:10:00"],
])("a form begins with a date as a person writes it: %s", async (_, written, first) => {
  const rows = Array.from({ length: 19 }, (_, i) => `${written(i + 1)},${i % 2}`);
  const model = classify(mlp([4]));
  await model.fit(readTable(`when,kind\n${rows.join("\n")}\n`, "t.csv", { target: "kind" }), { epochs: 1 });
  expect(rowFields(model.toState().inputs).map((field) => field.first)).toEqual([first]);
  expect(model.predict({ when: first } as never)).toHaveProperty("class");
});
