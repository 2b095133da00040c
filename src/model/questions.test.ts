import { expect, expectTypeOf, test } from "vitest";
import { mlp } from "./blueprint.ts";
import { classify, multiLabel, regress } from "./classify.ts";
import { network } from "./layers-of-blueprint.ts";
import { modelFromBytes } from "./load.ts";
import { readTable } from "./table.ts";

const x = Array.from({ length: 20 }, (_, i) => [i, (i * 7) % 5]);
const y = x.map(([a]) => (a < 10 ? "low" : "high"));

test("rows are rows whoever made them: of a database without a prototype, of a class of one's own", async () => {
  const rows = x.map(([a, b], i) => Object.assign(Object.create(null), { a, b, kind: y[i] }));
  const model = classify(mlp([3]));
  await model.fit(rows, { target: "kind", epochs: 1 });
  class Reading {
    readonly a = 1;
    readonly b = 2;
  }
  const told = model.predict({ a: 1, b: 2 });
  expect(model.predict(Object.assign(Object.create(null), { a: 1, b: 2 }))).toEqual(told);
  expect(model.predict(new Reading() as never)).toEqual(told);
  expect(() => model.predict(Promise.resolve({ a: 1, b: 2 }) as never)).toThrow(/got a promise/);
});

test("a row of numbers may be an array of any type, a part of a longer one or of shared memory", async () => {
  const model = classify(mlp([3]));
  await model.fit({ x, y }, { epochs: 1 });
  const told = model.predict([1, 2]);
  expectTypeOf(model.predict(Float32Array.of(1, 2))).toEqualTypeOf<typeof told>();
  const shared = new Float64Array(new SharedArrayBuffer(32), 8, 2);
  shared.set([1, 2]);
  for (const row of [Float32Array.of(9, 1, 2, 9).subarray(1, 3), Int32Array.of(1, 2), Uint8Array.of(1, 2), shared]) {
    expect(model.predict(row as Float64Array)).toEqual(told);
  }
  expect(model.predict([Float32Array.of(1, 2)])).toEqual([told]);
  expect(model.predict({ x: { data: Uint8Array.of(1, 2) as never, width: 2 } })).toEqual([told]);
});

test("of no rows nothing is told; a table or numbers without rows are refused as before", async () => {
  const model = classify(mlp([3]));
  await model.fit({ x, y }, { epochs: 1 });
  expect(model.predict(x.filter(() => false))).toEqual([]);
  expect(() => model.predict({ x: [] })).toThrow(/at least 1 whole row/);
});

const colours = (rows: number, columns: number, channels?: number) => ({
  images: { data: Uint8Array.from({ length: 12 * 24 }, (_, i) => (i * 37) % 256), count: 12, width: 24 },
  labels: Uint8Array.from({ length: 12 }, (_, i) => i % 2),
  image: { rows, columns, ...(channels === undefined ? {} : { channels }) },
});

test("images of colours are as they are said to be, in their model's file too; each is asked about by its bytes", async () => {
  const data = colours(2, 4, 3);
  const model = classify(network("conv2d 2 size=2; relu; affine 3"));
  await model.fit(data, { epochs: 1, shift: 1 });
  expect(model.toState().inputs.image).toEqual({ rows: 2, columns: 4, channels: 3 });
  const told = modelFromBytes(model.toBytes()).predict({ images: data.images });
  const [first, second] = [0, 24].map((from) => data.images.data.subarray(from, from + 24));
  expect(model.predict([first, Uint8ClampedArray.from(second)])).toEqual(told.slice(0, 2));
  expect(model.predict(Uint8ClampedArray.from(second))).toEqual(told[1]);
  expect(() => model.predict([first, first.subarray(1)])).toThrow(/every image must have 24 bytes .*, got 23 in row 1/);
});

test("an image that is not what a row holds is refused: its model's file could not be opened", async () => {
  const sentence = "image: rows, columns and channels must make the 24 values of a row, got 2 × 4 × 1.";
  await expect(async () => classify(mlp([3])).fit(colours(2, 4), { epochs: 1 })).rejects.toThrow(sentence);
  await expect(async () => classify(mlp([3])).fit(colours(24, 0.5, 2), { epochs: 1 })).rejects.toThrow(
    /image: columns must be a whole number of 1 or more, got 0\.5/,
  );
});

test("numbers as bytes that are no image are learnt from as numbers", async () => {
  const bytes = { data: Uint8Array.from(x.flat()), width: 2 } as never;
  const [plain, typed] = [classify(mlp([3])), classify(mlp([3]))];
  await plain.fit({ x, y }, { epochs: 1 });
  await typed.fit({ x: bytes, y }, { epochs: 1 });
  expect(typed.evaluate({ x: bytes, y })).toEqual(plain.evaluate({ x, y }));
});

test("a model of images takes the bytes of one, and says what it wants where numbers come", async () => {
  const images = { data: Uint8Array.from({ length: 80 }, (_, i) => (i * 37) % 256), count: 20, width: 4 };
  const model = classify(mlp([3]));
  await model.fit({ images, labels: Uint8Array.from(y, (word) => +(word === "low")) }, { epochs: 1 });
  expect(model.predict(images.data.subarray(4, 8))).toEqual(model.predict({ images })[1]);
  expect(() => model.predict([1, 2, 3, 4])).toThrow(/rows must have 4 bytes .*, got 4 numbers. .* with a Uint8Array/);
});

test.each([
  ["classes", () => classify(mlp([3])), { x, y }],
  ["numbers", () => regress(mlp([3])), { x, y: x.map(([a]) => a) }],
  ["answers", () => multiLabel(mlp([3])), { x, y: x.map(([a]) => [a > 3, a > 9]) }],
])("of a row too large for the network no %s are told", async (_, make, data) => {
  const model = make();
  await model.fit(data, { epochs: 1 });
  expect(() => model.predict([x[0], [1e300, -1e300]])).toThrow(/row 1: outputs must be finite numbers, got NaN/);
  const far = { x: [[1e300, -1e300], ...x.slice(1)], y: data.y };
  expect(() => model.evaluate(far as never)).toThrow(/row 0: outputs must be finite numbers/);
});

test("of a table the line is named", async () => {
  const text = ["a,b,kind", ...x.map(([a, b], i) => `${a},${b},${y[i]}`)].join("\n");
  const model = classify(mlp([3]));
  await model.fit(readTable(text, "t.csv", { target: "kind" }), { epochs: 1 });
  const far = readTable("a,b,kind\n1,2,low\n1,,low\n1e300,-1e300,low", "far.csv", { target: "kind", missing: "skip" });
  expect(() => model.evaluate(far)).toThrow(/^far.csv, line 4: outputs must be finite numbers/);
});

test("names are told apart, and a number beyond them is a class that was not learnt", async () => {
  const numbered = { x, y: x.map(([a]) => (a < 10 ? 0 : 1)) };
  await expect(async () => classify(mlp([3])).fit({ ...numbered, names: ["a", "a"] })).rejects.toThrow(/"a" twice/);
  await expect(async () => regress(mlp([3])).fit({ x, y: x, names: ["u", "u"] })).rejects.toThrow(/"u" twice/);
  const model = classify(mlp([3]));
  await model.fit({ ...numbered, names: ["a", "b"] }, { epochs: 1 });
  expect(model.evaluate({ ...numbered, names: ["a", "b"] }).rows).toBe(20);
  const beyond = { x, y: x.map(() => 7), names: ["a", "b"] };
  expect(() => model.evaluate(beyond)).toThrow(/one that the model learnt \(a, b\), got "7"/);
});

test("a row may hold anything in columns that the model does not know", async () => {
  const model = classify(mlp([3]));
  const rows = x.map(([a, b], i) => ({ a, b, kind: y[i] }));
  await model.fit(rows, { target: "kind", epochs: 1 });
  const answer = { id: 7, tags: ["new"], owner: { name: "x" }, score: Number.POSITIVE_INFINITY };
  expect(model.predict({ ...answer, a: 1, b: 2 })).toEqual(model.predict({ a: 1, b: 2 }));
  expect(model.evaluate(rows.map((row) => ({ ...answer, ...row })) as never)).toEqual(model.evaluate(rows));
  expect(() => model.predict({ ...answer, a: 1 })).toThrow(/must have the column b/);
  expect(() => model.predict({ a: [1], b: 2 })).toThrow(/column a must hold finite numbers/);
});
