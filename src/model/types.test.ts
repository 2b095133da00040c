import { expect, expectTypeOf, test } from "vitest";
import { mlp } from "./blueprint.ts";
import { classify, multiLabel, regress } from "./classify.ts";
import { readTable } from "./table.ts";

const text = ["width,colour,open,price,kind", "1,red,yes,3,a", "2,blue,no,4,b", "3,red,no,5,a", "4,blue,yes,6,b"].join(
  "\n",
);
const columns = { width: "number", colour: ["blue", "red"], kind: ["a", "b", "c"], price: "number" } as const;

// Checked when the types are; what is run here is that they tell the truth.
test("columns and classes that are declared flow into rows, answers and what may be asked", async () => {
  const table = readTable(text, "things.csv", { target: "kind", columns });
  const model = classify(mlp([4]), { like: table });
  await model.fit(table, { epochs: 2 });
  const told = model.predict({ width: 2, colour: "red", price: 3 });
  expectTypeOf(told.class).toEqualTypeOf<"a" | "b" | "c">();
  expectTypeOf(told.probabilities).toEqualTypeOf<Readonly<Record<"a" | "b" | "c", number>>>();
  expect(Object.keys(told.probabilities)).toEqual(["a", "b", "c"]);
  // @ts-expect-error: no such word
  expect(() => model.predict({ width: 2, colour: "green", price: 3 })).toThrow(/green/);
  // @ts-expect-error: a column is missing
  expect(() => model.predict({ colour: "red", price: 3 })).toThrow(/width/);
  // @ts-expect-error: what is told is a column
  readTable(text, "things.csv", { target: "sort", columns });
});

test("names of numbers and labels do too; without a declaration every name is a string", async () => {
  const table = readTable(text, "things.csv", { target: ["price", "width"], columns: { ...columns, open: "boolean" } });
  const model = regress(mlp([4]), { like: table });
  await model.fit(table, { epochs: 2 });
  const { values } = model.predict({ colour: "red", kind: "a", open: true });
  expectTypeOf(values).toEqualTypeOf<Readonly<Record<"price" | "width", number>>>();
  expect(Object.keys(values)).toEqual(["price", "width"]);
  const answers = readTable(text, "things.csv", { target: "open", columns: { width: "number", open: "boolean" } });
  const labels = multiLabel(mlp([4]), { like: answers });
  await labels.fit(answers, { epochs: 2 });
  expectTypeOf(labels.predict({ width: 1 }).answers).toEqualTypeOf<Readonly<Record<"open", boolean>>>();
  const plain = classify(mlp([4]));
  expectTypeOf(plain.predict).parameter(0).toMatchTypeOf<unknown>();
  type Told = ReturnType<typeof plain.predict>;
  expectTypeOf<Told>().toMatchTypeOf<object>();
});

test("several rows are several answers to the types too, in whichever form they come", async () => {
  const table = readTable(text, "things.csv", { target: "kind" });
  const model = classify(mlp([4]), { like: table });
  await model.fit(table, { epochs: 1 });
  const row = { width: 1, colour: "red", open: true, price: 3 };
  const told = model.predict(row);
  expectTypeOf(model.predict([row])).toEqualTypeOf<(typeof told)[]>();
  expectTypeOf(model.predict(table)).toEqualTypeOf<(typeof told)[]>();
  expect([model.predict([row])[0], model.predict(table)[0]]).toEqual([told, told]);
  const x = [
    [1, 2],
    [3, 4],
  ];
  const plain = classify(mlp([4]));
  await plain.fit({ x, y: ["a", "b"] }, { epochs: 1 });
  expectTypeOf(plain.predict({ x })).toEqualTypeOf<(typeof told)[]>();
  expectTypeOf(plain.predict(x)).toEqualTypeOf<(typeof told)[]>();
  expectTypeOf(plain.predict([1, 2])).toEqualTypeOf<typeof told>();
  expect(plain.predict({ x })).toEqual(x.map((row) => plain.predict(row)));
  // Of a row that names a column x, one is told.
  const named = classify(mlp([4]));
  const rows = [1, 2, 3, 4].map((x) => ({ x, kind: x < 3 ? "a" : "b" }));
  await named.fit(rows, { target: "kind", epochs: 1 });
  expectTypeOf(named.predict({ x: 1 })).toEqualTypeOf<typeof told>();
  expect(named.predict({ x: 1 }).class).toMatch(/^[ab]$/);
});

test("a word that is not declared is refused with its line, and columns that are not declared are left out", async () => {
  const odd = readTable(text.replace("4,blue,yes,6,b", "4,blue,yes,6,x"), "odd.csv", { target: "kind", columns });
  await expect(async () => classify(mlp([4])).fit(odd)).rejects.toThrow(
    /line 5: column kind must hold one of the words declared \(a, b, c\), got "x"/,
  );
  const model = classify(mlp([4]));
  await model.fit(readTable(text, "things.csv", { target: "kind", columns }), { epochs: 1 });
  expect(model.toState().inputs.names).toEqual(["width", "colour=blue", "colour=red", "price"]);
});
