import { describe, expect, test } from "vitest";
import { huber } from "../nn/losses/index.generated.ts";
import { adam } from "../optim/rules/index.generated.ts";
import { mlp } from "./blueprint.ts";
import { classify, multiLabel, regress } from "./classify.ts";
import { network } from "./layers-of-blueprint.ts";
import { type AnyModel, modelFromBytes } from "./load.ts";

// What a program may give a model in place of data, as no compiler has seen it. Most of it trained, or was measured, in silence.

const x = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const y = ["a", "b", "b", "a"];
const images = { data: new Uint8Array(16), count: 4, width: 4 };
const labels = Uint8Array.of(0, 1, 0, 1);

type Told = readonly [what: string, given: unknown, says: string | RegExp];

describe("fit refuses", () => {
  test.each<Told>([
    ["nothing", undefined, /^data: must be a table, rows such as .*, got undefined\. Read a file with readCsv/],
    ["a path", "iris.csv", /got "iris\.csv"\. Read a file with readCsv, its text with readTable\.$/],
    ["a promise", Promise.resolve([]), "got a promise. Await it first."],
    ["rows under another name", { X: x, y }, /^data: must be a table/],
    ["no answers", { x }, "data: y must have one entry a row (4), got 0. Give each row its own."],
    ["fewer answers than rows", { x, y: ["a", "b"] }, "data: y must have one entry a row (4), got 2."],
    ["images without labels", { images }, "data: labels must have one entry a row (4), got 0."],
    [
      "a class of null",
      { x, y: ["a", null, "b", "a"] },
      "every class in y must be a word or a number, got null in row 1.",
    ],
    ["a class of NaN", { x, y: [0, 1, Number.NaN, 1] }, "must be a word or a number, got NaN in row 2."],
    ["an empty class", { x, y: ["a", "b", "", "b"] }, 'must be a word or a number, got "" in row 2.'],
    ["one-hot classes", { x, y: x }, "got [0,0] in row 0. Of one-hot rows give the number of the class."],
    [
      "a row of null",
      [{ a: 1, k: "p" }, null],
      "every row must be an object such as { width: 1.4, kind: 'a' }, got null in row 1.",
    ],
    [
      "rows of lists",
      x,
      "every row must be an object such as { width: 1.4, kind: 'a' }, got [0,0] in row 0. Of rows of numbers give { x, y }.",
    ],
  ])("%s", async (_, given, says) => {
    await expect(async () => classify(mlp([4])).fit(given as never, { epochs: 1 })).rejects.toThrow(says);
  });

  test.each<Told>([
    ["null", [1, null, 2, 3], "data: y must hold finite numbers, or true and false, got null in row 1."],
    ["empty text", [1, 2, " ", 3], 'y must hold finite numbers, or true and false, got " " in row 2.'],
    ["a word", ["one", 2, 3, 4], 'got "one" in row 0.'],
  ])("a number that is %s", async (_, answers, says) => {
    const data = { x, y: answers as number[] };
    await expect(async () => regress(mlp([4])).fit(data, { epochs: 1 })).rejects.toThrow(says);
    await expect(async () => multiLabel(mlp([4])).fit(data, { epochs: 1 })).rejects.toThrow(says);
  });

  test.each<Told>([
    [
      "target beside answers",
      { target: "a" },
      "fit: target must name a column of a table or of rows, got data whose answers stand in y.",
    ],
    [
      "an optimizer described",
      { optimizer: { name: "adam", lr: 1 } },
      /^fit: optimizer must be a name or a value such as adam\(/,
    ],
    [
      "a schedule described",
      { schedule: { name: "cosine" } },
      /^fit: schedule must be a name or a value such as cosine\(/,
    ],
    [
      "weights by another word",
      { classWeights: "balance" },
      'fit: classWeights must be a known name, got "balance". Did you mean balanced?',
    ],
    [
      "a checkpoint nowhere",
      { checkpoint: { every: 1 } },
      "fit: checkpoint.path must be a file's path, got undefined.",
    ],
    ["validation of another length", { validation: { x, y: ["a"] } }, "data: y must have one entry a row (4), got 1."],
    ["validation as text", { validation: "0.2" }, /^data: must be a table, .* got "0\.2"/],
  ])("%s", async (_, options, says) => {
    await expect(async () => classify(mlp([4])).fit({ x, y }, options as never)).rejects.toThrow(says);
  });
});

test.each<Told>([
  ["nothing", undefined, "got undefined. Write one of them."],
  ["its text", "affine 8; relu", /network\("affine 16; relu"\) or a list of layers, got "affine 8; relu"/],
  ["a list of words", ["relu"], 'got ["relu"].'],
  ["no layers", [], "got []."],
])("a model of %s for its network is refused", (_, given, says) => {
  expect(() => classify(given as never)).toThrow(says);
});

test("a loss that is none is refused, one that was not called is itself", async () => {
  expect(() => regress(mlp([4]), { loss: {} as never })).toThrow(
    "model: loss must be a name or a value such as huber(",
  );
  const losses = [huber, huber()].map(async (loss) => {
    const { loss: told } = await regress(mlp([4]), { loss: loss as never }).fit({ x, y: [1, 2, 3, 4] }, { epochs: 2 });
    return told;
  });
  expect(await losses[0]).toEqual(await losses[1]);
});

describe("a model that has learnt", () => {
  const fitted = async <M extends AnyModel>(model: M, data: unknown): Promise<M> => {
    await model.fit(data as never, { epochs: 1, optimizer: adam });
    return model;
  };

  test.each<Told>([
    ["fewer classes than rows", { x, y: ["a"] }, "data: y must have one entry a row (4), got 1."],
    ["more classes than rows", { x, y: [...y, "a"] }, "data: y must have one entry a row (4), got 5."],
    ["no classes", { x }, "data: y must have one entry a row (4), got 0."],
    ["a class that it has not learnt", { x, y: ["a", "b", "b", null] }, 'got "null"'],
  ])("is not measured on %s", async (_, given, says) => {
    const model = await fitted(classify(network("affine 4; relu")), { x, y });
    expect(() => model.evaluate(given as never)).toThrow(says);
  });

  test.each<Told>([
    ["fewer numbers than rows", { x, y: [1, 2] }, "data: y must have one entry a row (4), got 2."],
    [
      "two numbers a row",
      { x, y: x },
      "data: y must tell of each row what the model does (y), got 2 numbers a row. Give 1.",
    ],
    ["null for a number", { x, y: [1, 2, 3, null] }, "got null in row 3."],
  ])("to tell numbers is not measured on %s", async (_, given, says) => {
    const model = await fitted(regress(mlp([4])), { x, y: [1, 2, 3, 4] });
    expect(() => model.evaluate(given as never)).toThrow(says);
  });

  test.each<Told>([
    ["labels of two", { images, labels: labels.slice(2) }, "data: labels must have one entry a row (4), got 2."],
    [
      "more rows than bytes",
      { images: { ...images, count: 5 }, labels },
      "images: 5 rows of 4 must be 20 values, got 16.",
    ],
    [
      "no count",
      { images: { ...images, count: undefined }, labels },
      "images: count and width must be whole numbers of 1 or more, got undefined and 4.",
    ],
  ])("of images is not measured on %s", async (_, given, says) => {
    const model = await fitted(classify(mlp([4])), { images, labels });
    expect(() => model.evaluate(given as never)).toThrow(says);
  });

  test("is asked about rows of the forms there are, and no others", async () => {
    const model = await fitted(classify(mlp([4])), { x, y });
    expect(model.predict({ x })).toHaveLength(4);
    for (const given of [undefined, "0,1", Promise.resolve(x), new Set(x)]) {
      expect(() => model.predict(given as never)).toThrow(/^data: must be a table, .*\{ x \} or \{ images \}, got /);
    }
  });

  test("is read from the bytes of a file in whichever form they come", async () => {
    const model = await fitted(classify(mlp([4])), { x, y });
    const bytes = model.toBytes();
    const { buffer } = Uint8Array.from(bytes);
    const told = model.predict({ x });
    expect(modelFromBytes(buffer).predict({ x })).toEqual(told);
    expect(modelFromBytes(Buffer.from(bytes)).predict({ x })).toEqual(told);
    expect(() => modelFromBytes("model.tanren" as never)).toThrow("model: must be given as bytes");
  });
});

test("whole numbers of a database, as BigInts, are numbers", async () => {
  const rows = [1, 2, 3, 4, 5, 6].map((n) => ({ n, k: n > 3 ? "p" : "q" }));
  const big = rows.map(({ n, k }) => ({ n: BigInt(n), k }));
  const [one, other] = [classify(mlp([4])), classify(mlp([4]))];
  await one.fit(rows, { target: "k", epochs: 2 });
  await other.fit(big, { target: "k", epochs: 2 });
  expect(other.predict({ n: 2n })).toEqual(one.predict({ n: 2 }));
});
