import { expect, test } from "vitest";
import { readLabelledTable } from "../../src/data/csv/read-csv.ts";
import { mlp } from "../../src/model/blueprint.ts";
import { classify, regress } from "../../src/model/classify.ts";
import { modelFromBytes } from "../../src/model/load.ts";
import { readTable } from "../../src/model/table.ts";

/** A table of a measure with its unit and a price in dollars. */
const csv = (share: (i: number) => string, price = (i: number) => `"$${(1000 + 10 * i).toLocaleString("en-US")}"`) =>
  `share,price,kind\n${Array.from({ length: 40 }, (_, i) => `${share(i)},${price(i)},${i % 2 ? "a" : "b"}`).join("\n")}\n`;
const percent = (i: number) => `${i}.5%`;

test("numbers with a unit are inputs, said with their undo, and a saved model takes them so, or plain", async () => {
  const table = readTable(csv(percent), "sales.csv", { target: "kind" });
  const model = classify(mlp([4]));
  await model.fit(table, { epochs: 1 });
  const said = model.notes.map(({ text, flag }) => `${(text as { en: string }).en} [${flag}]`);
  expect(said).toContain('"0.5%" in share is read as the number 0.5, without its unit [--column share=category]');
  const again = modelFromBytes(model.toBytes());
  const plain = again.predict({ share: 12.5, price: 1120 });
  expect(again.predict({ share: "12.5%", price: "$1,120" })).toEqual(plain);
  expect(() => again.predict({ share: "12.5%", price: "€1,120" })).toThrow(
    /column price must hold numbers with "\$" as others of it do, got "€1,120"/,
  );
});

test.each([
  [
    "a share among percentages",
    csv((i) => (i === 7 ? "0.075" : percent(i))),
    /line 9: .*numbers with "%".*got "0.075"/,
  ],
  ["another currency", csv(percent, (i) => (i === 7 ? "£9" : `$${i}`)), /line 9: .*numbers with "\$".*got "£9"/],
  ["a percentage among plain numbers", csv((i) => (i === 7 ? "7%" : `${i}`)), /line 9: .*without a unit.*got "7%"/],
  ["a number beyond float64 throughout", csv((i) => `${i + 1}e400`), /line 2: .*must hold numbers, got "1e400"/],
])("%s is refused by its line", async (_, text, sentence) => {
  const table = readTable(text, "sales.csv", { target: "kind" });
  await expect(classify(mlp([4])).fit(table, { epochs: 1 })).rejects.toThrow(sentence);
});

test("what is told has one unit too, in training and when it is measured", async () => {
  const sales = (text: string) => readTable(text, "sales.csv", { target: "price" });
  const model = regress(mlp([4]));
  await model.fit(sales(csv(percent)), { epochs: 1 });
  const again = modelFromBytes(model.toBytes());
  const plain = again.evaluate(sales(csv(percent, (i) => `${1000 + 10 * i}`)));
  expect(again.evaluate(sales(csv(percent)))).toEqual(plain);
  const pounds = sales(csv(percent, (i) => `£${i}`));
  expect(() => again.evaluate(pounds)).toThrow(/line 2: column price must hold numbers with "\$".*got "£0"/);
  const mixed = sales(csv(percent, (i) => (i === 3 ? "5" : `$${i}`)));
  await expect(regress(mlp([4])).fit(mixed, { epochs: 1 })).rejects.toThrow(/line 5: .*with "\$".*got "5"/);
});

test("a header of percentages above plain numbers names its columns", () => {
  const rows = Array.from({ length: 20 }, (_, i) => `${i / 7},${i / 3},${i % 2 ? "x" : "y"}`).join("\n");
  const { features, rows: read } = readLabelledTable(`25%,75%,kind\n${rows}\n`, "quantiles.csv");
  expect([features, read.count]).toEqual([["25%", "75%"], 20]);
});
