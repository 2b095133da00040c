import { expect, test } from "vitest";
import { wordPlace } from "../../src/data/csv/word-place.ts";
import { mlp } from "../../src/model/blueprint.ts";
import { classify } from "../../src/model/classify.ts";
import { modelFromBytes } from "../../src/model/load.ts";
import { readTable } from "../../src/model/table.ts";

// The same answers as other programs write them: pandas makes 1.0 of 1 where a column has a gap, Excel TRUE of True, a database 1.

type Spelling = (value: 0 | 1) => string;
const spellings: Readonly<Record<string, Spelling>> = {
  "0 and 1": (value) => `${value}`,
  "0.0 and 1.0": (value) => `${value}.0`,
  "False and True": (value) => (value ? "True" : "False"),
  "FALSE and TRUE": (value) => (value ? "TRUE" : "FALSE"),
};
const csv = (flag: Spelling, told: Spelling) =>
  `a,flag,y\n${Array.from({ length: 40 }, (_, i) => `${i * i},${flag(i % 3 ? 1 : 0)},${told(i % 2 ? 1 : 0)}`).join("\n")}\n`;
const table = (flag: Spelling, told: Spelling) => readTable(csv(flag, told), "t.csv", { target: "y" });
const names = Object.keys(spellings);

test.each(names)(
  "a model of %s is measured by every other way to write them, and each row is told the same",
  async (own) => {
    const model = classify(mlp([4]));
    await model.fit(table(spellings[own], spellings[own]), { epochs: 2 });
    const again = modelFromBytes(model.toBytes());
    const words = own === "False and True" || own === "FALSE and TRUE";
    for (const other of names) {
      // Words are no numbers where the model has learnt numbers of any size.
      const flag = words || other.startsWith("0") ? spellings[other] : spellings["0.0 and 1.0"];
      const asked = table(flag, spellings[other]);
      expect(again.evaluate(asked)).toEqual(model.evaluate(table(spellings[own], spellings[own])));
      expect(again.predict(asked)).toEqual(model.predict(table(spellings[own], spellings[own])));
    }
  },
);

test("a program's true is a yes of a table, and its 1 is", async () => {
  const model = classify(mlp([4]));
  await model.fit(table(spellings["FALSE and TRUE"], spellings["0 and 1"]), { epochs: 1 });
  const [first, ...others] = [true, 1, "true", "1.0"].map((flag) => model.predict({ a: 3, flag }));
  for (const other of others) {
    expect(other).toEqual(first);
  }
  expect(() => model.predict({ a: 3, flag: 2 })).toThrow(/column flag must hold yes or no, got "2"/);
});

test.each([
  [["1", "2"], "2.0", 1],
  [["0.5", "1e3"], "1000", 1],
  [["no", "yes"], "YES", 1],
  [["no", "yes"], "0", 0],
  [["はい", "いいえ"], "1", 0],
  [["1", "2"], "True", -1],
  [["0", "1", "2"], "True", -1],
  [["no", "yes"], "true", -1],
  [["no", "yes"], "2", -1],
  [["Cat", "dog"], "cat", -1],
  [["01", "1"], "1.0", -1],
  [["01", "1"], "1", 1],
  [["a", "1"], "1.0", -1],
  [["yes", "no", "maybe"], "1", -1],
])("of %j, %s is number %i", (words, word, place) => {
  expect(wordPlace(words, word)).toBe(place);
});

test("where what is told is missing, the sentence says so, and asks about no column that is unlike it", async () => {
  const model = classify(mlp([4]));
  await model.fit(table(spellings["0 and 1"], spellings["0 and 1"]), { epochs: 1 });
  const asked = (text: string) => () => model.evaluate(readTable(text, "t.csv", { target: undefined }));
  expect(asked("a,flag,z\n1,0,1\n4,1,0\n")).toThrow(
    "t.csv: it must have the column y that the model tells, to measure it by, got a, flag, z. Add it, with the names in the first row.",
  );
  expect(asked("a,flags,y\n1,0,1\n4,1,0\n")).toThrow(
    /column flag that the model learnt from.*Is it flags\? Rename it\./,
  );
});
