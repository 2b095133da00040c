import { expect, test } from "vitest";
import { mlp } from "./blueprint.ts";
import { classify } from "./classify.ts";
import { kFold } from "./folds.ts";

const x = Array.from({ length: 20 }, (_, i) => [i, (i * 7) % 5]);
const data = { x, y: x.map(([a]) => (a < 10 ? "low" : "high")) };

// Plain JavaScript may give anything; what is not said here would be left unheeded.
test.each<[object, RegExp]>([
  [{ signal: new AbortController() }, /fit: signal must be an AbortSignal, got .* give its signal/],
  [{ signal: null }, /fit: signal must be an AbortSignal, got null/],
  [{ validation: true }, /fit: validation must be a finite number in \[0, 1\), got true/],
  [{ validation: null }, /fit: validation must be .*, got null/],
  [{ classWeights: 3 }, /fit: classWeights must be a known name, got 3/],
  [{ classWeights: null }, /fit: classWeights must be a known name, got null/],
  [
    { stopEarly: { patience: 2, metric: "valAcuracy" }, validation: 0.2 },
    /got "valAcuracy"\. Did you mean valAccuracy\?/,
  ],
  [{ stopEarly: { patience: 2, metric: "valAccuracy" } }, /got "valAccuracy"\. Give validation\./],
  [{ optimizer: null }, /fit: optimizer must be a name or a value .*, got null/],
  [{ hyper: null }, /fit: hyper must be values by name, such as \{ lr: 0\.01 \}, got null/],
  [{ groups: [{ parameters: "affine1.*" }] }, /fit: groups\[0\]\.parameters must be a list, got "affine1\.\*"/],
  [{ groups: { parameters: ["*.b"] } }, /fit: groups must be a list, got \{"parameters"/],
  [{ groups: [{ lrFactor: 2 }] }, /fit: groups\[0\]\.parameters must be a list, got nothing/],
  [{ average: { kind: "swa", from: 1 } }, /fit: average\.every must be a whole number of 1 or more, got nothing/],
  // What trained with these was written into a file that no one could open.
  [{ clip: { norm: Number.POSITIVE_INFINITY } }, /fit: clip\.norm must be a finite number, got Infinity/],
  [{ clip: { value: "1" } }, /fit: clip\.value must be a finite number, got "1"/],
  [{ maxNorm: Number.POSITIVE_INFINITY }, /fit: maxNorm must be a finite number, got Infinity/],
  [{ classWeights: { low: "2" } }, /fit: classWeights\.low must be a finite number, got "2"/],
])("fit refuses %j", async (options, sentence) => {
  await expect(async () => classify(mlp([3])).fit(data, { epochs: 1, ...options } as never)).rejects.toThrow(sentence);
});

test("an option that is undefined counts as not given, within others too", async () => {
  const options = { epochs: 1, average: { kind: "ema", decay: 0.9, every: undefined }, clip: { norm: undefined } };
  await expect(classify(mlp([3])).fit(data, options as never)).resolves.toHaveProperty("loss");
});

test("what is no number among rows of numbers is told as it is", async () => {
  const rows = (value: unknown) => ({ x: [...x.slice(1), [1, value]], y: data.y }) as never;
  for (const [value, told] of [
    ["2", '"2"'],
    [true, "true"],
    [Number.NaN, "NaN"],
    [null, "null"],
  ] as const) {
    await expect(async () => classify(mlp([3])).fit(rows(value))).rejects.toThrow(`got ${told} at row 19, column 1`);
  }
});

test("a class may be called as anything that objects have, and counts as much as it is said to", async () => {
  const named = (high: string, low: string) => ({ x, y: x.map(([a]) => (a < 10 ? low : high)) });
  const [odd, plain] = [classify(mlp([3])), classify(mlp([3]))];
  const history = await odd.fit(named("constructor", "toString"), {
    epochs: 2,
    classWeights: { toString: 2 } as never,
  });
  expect(history).toEqual(await plain.fit(named("high", "low"), { epochs: 2, classWeights: { low: 2 } }));
});

test("labels that are ids are refused, not given an output each", async () => {
  const images = { data: new Uint8Array(80), count: 20, width: 4 };
  const labels = Int32Array.from(x, (_, i) => i * 10_000_000);
  await expect(async () => classify(mlp([3])).fit({ images, labels })).rejects.toThrow(/below 65536, got 190000000/);
});

test("kFold refuses what is no table", () => {
  expect(() => kFold([{ a: 1 }] as never, 2)).toThrow(/kFold: data must be a table, got \[\{"a":1\}\]/);
});

test("resume refuses what is no signal", async () => {
  const model = classify(mlp([3]));
  await model.fit(data, { epochs: 1 });
  const signal = new AbortController() as never;
  await expect(async () => model.resume(data, { epochs: 2, signal })).rejects.toThrow(/resume: signal must be/);
});
