import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { mlp } from "../../src/model/blueprint.ts";
import { classify } from "../../src/model/classify.ts";
import { network } from "../../src/model/layers-of-blueprint.ts";
import { readIdx, readMnist } from "../../src/node/data/mnist-folder.ts";
import { optimizerFromText } from "../../src/optim/from-text.ts";
import { optimizerNamed } from "../../src/optim/registry.ts";
import { scheduleNamed } from "../../src/schedule/registry.ts";
import { openStudy, type Study } from "../../src/search/study.ts";

// What plain JavaScript may give, which no compiler has seen.

const x = Array.from({ length: 12 }, (_, i) => [Math.sin(i), Math.cos(i)]);
const y = x.map(([a]) => (a > 0 ? "up" : "down"));
const given = (value: unknown) => value as never;

test.each([
  ["data under other names", { inputs: x, targets: y }, {}, /data: must be a table, rows .*, got {"inputs"/],
  ["a misspelt part", { x, y, nmes: ["up", "down"] }, {}, /data\.nmes: no such setting\. Did you mean names\?/],
  ["names that are one word", { x, y, names: "up" }, {}, /data: names must be a list of words, got "up"\./],
  ["names that are numbers", { x, y, names: [1, 2] }, {}, /data: names must be a list of words, got 1 in it\./],
  ["a column by its place", [{ a: 1, kind: "up" }], { target: 1 }, /fit: target must be a column's name, .* got 1\./],
  [
    "columns by their places",
    [{ a: 1, kind: "up" }],
    { target: [1] },
    /fit: target must be a column's name, .* got 1\./,
  ],
])("fit refuses %s", async (_, data, options, sentence) => {
  await expect(async () => classify(mlp([2])).fit(given(data), given(options))).rejects.toThrow(sentence);
});

test.each([
  [null, /model: options must be an object, got null\./],
  [42, /model: options must be an object, got 42\./],
  [{ kernels: "auto" }, /model: kernels must be kernels that were opened, got "auto"\. Open some with selectKernels/],
  [{ loss: null }, /model: loss must be a name or a value such as .*, got null\./],
  [{ like: "iris.csv" }, /model: like must be a table, got "iris\.csv"\. Give what readCsv or readTable gave\./],
])("a model is not made with %j", (options, sentence) => {
  expect(() => classify(mlp([2]), given(options))).toThrow(sentence);
});

test.each([
  [[[16], { batchNorm: "off" }], /mlp: batchNorm must be true or false, got "off"/],
  [[[16], { residual: 1 }], /mlp: residual must be true or false, got 1/],
])("mlp is not made of %j", (args, sentence) => {
  expect(() => (mlp as (...args: unknown[]) => unknown)(...args)).toThrow(sentence);
});

test.each([
  [{ seed: "1" }, /openStudy: seed must be a whole number in \[0, 4294967295\], got "1"/],
  [{ seed: Number.NaN }, /openStudy: seed must be .* got NaN/],
  [{ name: 5 }, /openStudy: name: must be a name of at least one printable character, got 5/],
  [{ sampler: 5 }, /sampler: options must be an object, got 5/],
])("a study is not opened with %j", async (options, sentence) => {
  await expect(openStudy(given(options))).rejects.toThrow(sentence);
});

test.each([
  [() => optimizerNamed(given(undefined)), /optimizer: must be a name, got undefined\. Known: .*adam/],
  [() => scheduleNamed(given(5)), /schedule: must be a name, got 5\./],
  [() => network(given([16])), /network: must be a text, got \[16\]\. Write layers such as "affine 16; relu"/],
  [
    () => optimizerFromText("w = w - lr * g", given({ lr: 0.1 })),
    /optimizerFromText: rule must be a text, got {"lr":0\.1}/,
  ],
  [
    () => optimizerFromText(given(undefined), "w = w - lr * g"),
    /optimizerFromText: name must be a text, got undefined/,
  ],
])("names and texts are asked for, %#", (ask, sentence) => {
  expect(ask).toThrow(sentence);
});

test("files and folders are named by a path or a file: URL", async () => {
  await expect(readMnist(given(undefined))).rejects.toThrow("readMnist: must be given a file's path or a file: URL");
  await expect(readIdx(given(5))).rejects.toThrow("readIdx: must be given a file's path or a file: URL, got 5.");
  const folder = mkdtempSync(join(tmpdir(), "tanren-idx-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "labels"), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9));
  expect([...(await readIdx(pathToFileURL(join(folder, "labels")))).data]).toEqual([7, 9]);
});

test("optimize and tell say what they were given", async () => {
  const study: Study = await openStudy();
  const run = (options: unknown) => study.optimize(() => 1, given(options));
  await expect(run({ trials: "3" })).rejects.toThrow('optimize: trials must be a whole number ≥ 0, got "3".');
  await expect(run({ trials: 3, signal: "stop" })).rejects.toThrow("optimize: signal must be an AbortSignal, got");
  const { number } = await study.ask();
  await expect(study.tell(given(number), 1)).rejects.toThrow("tell: must be given the trial that ask gave, got 0.");
  await expect(study.tell(given(undefined), 1)).rejects.toThrow("got undefined.");
});
