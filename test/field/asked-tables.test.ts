import { expect, test } from "vitest";
import { mlp } from "../../src/model/blueprint.ts";
import { classify, regress } from "../../src/model/classify.ts";
import { modelFromBytes } from "../../src/model/load.ts";
import { type ReadTableOptions, readTable } from "../../src/model/table.ts";

const values = Array.from({ length: 40 }, (_, i) => i + 1.234);
/** How a number with three places is written: with a decimal point it looks like thousands to whoever writes commas. */
const written = { point: (x: number) => x.toFixed(3), comma: (x: number) => x.toFixed(3).replace(".", ",") };

function tableOf(write: (x: number) => string, options: ReadTableOptions = {}, separator = ";") {
  const rows = values.map((x, i) => [write(x), i % 2 ? 1 : 2, i % 2 ? "a" : "b", write(3 * x)].join(separator));
  const text = `${["x", "y", "kind", "price"].join(separator)}\n${rows.join("\n")}\n`;
  return readTable(text, "sizes.csv", { target: "kind", features: ["x", "y"], ...options });
}

test.each(["point", "comma"] as const)(
  "a model of numbers with a decimal %s reads others of either mark",
  async (own) => {
    const learnt = classify(mlp([4]), { seed: 2 });
    await learnt.fit(tableOf(written[own], { decimal: own }), { epochs: 2 });
    const model = modelFromBytes(learnt.toBytes());
    const right = model.predict(values.map((x, i) => ({ x, y: i % 2 ? 1 : 2 })));
    expect(model.predict([[values[0], 2]])).toEqual([right[0]]);
    for (const mark of ["point", "comma"] as const) {
      expect(model.predict(tableOf(written[mark], { decimal: mark }))).toEqual(right);
      // Of four places a group of thousands cannot be thought.
      const plain = tableOf((x) => `${written[mark](x)}0`);
      expect(model.predict(plain)).toEqual(right);
      expect(model.evaluate(plain)).toEqual(model.evaluate(tableOf(written[own], { decimal: own })));
    }
    // Text in a row that a program made is written as the model's tables are.
    expect(model.predict({ x: written[own](values[0]), y: 2 })).toEqual(right[0]);
  },
);

test("numbers that can be read both ways are refused where the likely way is not the model's", async () => {
  const model = classify(mlp([4]), { seed: 2 });
  await model.fit(tableOf(written.point), { epochs: 1 });
  expect(() => model.predict(tableOf(written.comma))).toThrow(
    `sizes.csv: numbers must be readable in one way, got "1,234", which this table seems to write with a decimal comma and the model's with a decimal point. Say which it is: decimal "point" or "comma".`,
  );
  // Cells parted by commas are nobody's who writes decimal ones.
  const thousands = tableOf((x) => `"${written.comma(x)}"`, {}, ",");
  expect(model.predict(thousands)).toEqual(model.predict(values.map((x, i) => ({ x: 1000 * x, y: i % 2 ? 1 : 2 }))));
});

test("what a regression is measured by is read as its table writes it", async () => {
  const options = { target: "price" } as const;
  const model = regress(mlp([4]), { seed: 3 });
  await model.fit(
    tableOf((x) => `${written.point(x)}0`, options),
    { epochs: 2 },
  );
  expect(model.evaluate(tableOf((x) => `${written.comma(x)}0`, options))).toEqual(
    model.evaluate(tableOf((x) => `${written.point(x)}0`, options)),
  );
});

test("the words for no value, and the order of days and months, are the asked table's own where it says so", async () => {
  const day = (i: number, order: "dmy" | "mdy") => {
    const [d, m] = [String((i % 12) + 1).padStart(2, "0"), String(((i * 5) % 12) + 1).padStart(2, "0")];
    return order === "dmy" ? `${d}/${m}/2024` : `${m}/${d}/2024`;
  };
  const dates = (order: "dmy" | "mdy", gap: string, options: ReadTableOptions) =>
    readTable(
      `at,x,kind\n${values.map((x, i) => `${day(i, order)},${i % 9 === 4 ? gap : x},${i % 2 ? "a" : "b"}`).join("\n")}\n`,
      "dates.csv",
      { target: "kind", dateOrder: order, ...options },
    );
  const model = classify(mlp([4]), { seed: 4 });
  const own = dates("dmy", "", { missing: "fill" });
  await model.fit(own, { epochs: 1 });
  expect(model.predict(dates("mdy", "unknown", { absent: ["unknown"] }))).toEqual(model.predict(own));
  expect(() => model.predict(dates("mdy", "unknown", {}))).toThrow(/column x must hold numbers, got "unknown"/);
});

test("dates that can be read two ways are refused where neither the model nor the table tells which comes first", async () => {
  const dates = (day: (i: number) => string, options: ReadTableOptions = {}) =>
    readTable(`at,x,kind\n${values.map((x, i) => `${day(i)},${x},${i % 2 ? "a" : "b"}`).join("\n")}\n`, "dates.csv", {
      target: "kind",
      ...options,
    });
  const model = classify(mlp([4]), { seed: 4 });
  await model.fit(
    dates((i) => `2024-${String((i % 12) + 1).padStart(2, "0")}-05`),
    { epochs: 1 },
  );
  const slashes = (i: number) => `05/${String((i % 12) + 1).padStart(2, "0")}/2024`;
  expect(() => model.predict(dates(slashes))).toThrow(
    'dates.csv, line 2: column at must hold dates that can be read one way, got "05/01/2024", of which day and month are open. Say which comes first: dateOrder "dmy" or "mdy".',
  );
  const right = model.predict(dates((i) => `2024-${String((i % 12) + 1).padStart(2, "0")}-05`));
  expect(model.predict(dates(slashes, { dateOrder: "dmy" }))).toEqual(right);
  const same = dates(() => "5/5/2024");
  expect(model.predict(same)).toEqual(model.predict(dates(() => "2024-05-05")));
});
