import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError, HyperError, ShapeError } from "../core/errors.ts";
import { RandomStream } from "../core/random.ts";
import type { AnySplit } from "../data/dataset.ts";
import { planned } from "../kernels/planned.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { mlp as blueprint } from "../model/blueprint.ts";
import { classify } from "../model/classify.ts";
import { Relu } from "../nn/activation.ts";
import { Affine } from "../nn/affine.ts";
import { BatchNorm } from "../nn/batch-norm.ts";
import { Dropout } from "../nn/dropout.ts";
import { meanSquaredError } from "../nn/losses/mean-squared-error.ts";
import { mlp } from "../nn/mlp.ts";
import { Sequential } from "../nn/sequential.ts";
import { optimizerNamed } from "../optim/registry.ts";
import { scheduleNamed } from "../schedule/registry.ts";
import { AccuracyMeter } from "./accuracy.ts";
import { inputNoise } from "./augment/input-noise.ts";
import { BatchLoader } from "./batch-loader.ts";
import { openTraining, type TrainingPlan } from "./open-training.ts";
import { type TrainOptions, train } from "./train.ts";

const kernels = wasmKernels("wasm-simd", "float32");
const rows = 200;
const width = 6;
const classes = 10;
const bytes = Uint8Array.from({ length: rows * width }, (_, i) => i % 256);
const floats = Float32Array.from({ length: rows * width }, (_, i) => (i % 13) - 6);
const labels = Uint8Array.from({ length: rows }, (_, i) => i % classes);
const split = (data: Uint8Array | Float32Array, of: AnySplit["labels"] = labels, count = rows): AnySplit =>
  ({ images: { data, count, width }, labels: of }) as AnySplit;
const withOne = <A extends Uint8Array | Float32Array | Int32Array>(array: A, at: number, value: number): A => {
  const copy = array.slice() as A;
  copy[at] = value;
  return copy;
};

const plan = (more: Partial<TrainingPlan> = {}): TrainingPlan => ({
  kernels,
  layers: mlp({ inputSize: width, hiddenSizes: [8], classes }),
  optimizer: optimizerNamed("adam"),
  split: split(bytes),
  batchSize: 10,
  weightInit: "he",
  stream: RandomStream.seeded(0),
  ...more,
});

async function firstEvent(more: Partial<TrainOptions>): Promise<string> {
  const options = { rows, batchSize: 10, iterations: 2, stream: RandomStream.seeded(1), ...more };
  const { value } = await train({ ...openTraining(plan()), ...options }).next();
  return value?.kind ?? "none";
}

describe("openTraining refuses, naming what and where", () => {
  test.each<[string, AnySplit, RegExp]>([
    ["50 labels for 200 rows", split(bytes, labels.slice(0, 50)), /one label a row \(200\), got 50 labels/],
    ["one-hot labels", split(bytes, new Uint8Array(rows * classes)), /They look like one-hot labels/],
    ["too few values", split(bytes.slice(0, 1100)), /200 rows of 6 must be 1200 values, got 1100/],
    ["one NaN", split(withOne(floats, 45, Number.NaN)), /finite number, got NaN at row 7, column 3/],
    ["one Infinity", split(withOne(floats, 1199, Infinity)), /got Infinity at row 199, column 5/],
    ["a label out of range", split(bytes, withOne(labels, 123, 10)), /labels must be in \[0, 10\), got 10 at row 123/],
    ["a negative label", split(bytes, withOne(Int32Array.from(labels), 9, -1)), /got -1 at row 9/],
    ["no rows", split(new Uint8Array(0), new Uint8Array(0), 0), /at least 1 row/],
  ])("%s", (_, bad, message) => {
    expect(() => openTraining(plan({ split: bad }))).toThrow(DataError);
    expect(() => openTraining(plan({ split: bad }))).toThrow(message);
  });

  test.each<[string, Partial<TrainingPlan>, RegExp]>([
    ["batchSize 0", { batchSize: 0 }, /openTraining: batchSize must be a whole number of 1 or more, got 0/],
    ["batchSize NaN", { batchSize: Number.NaN }, /batchSize must be .*, got NaN/],
    ["batchSize 2.5", { batchSize: 2.5 }, /batchSize must be .*, got 2\.5/],
    ["maxRows -1", { maxRows: -1 }, /maxRows must be .*, got -1/],
    [
      "weightDecay NaN",
      { weightDecay: Number.NaN },
      /network: weightDecay must be a finite number of 0 or more, got NaN/,
    ],
    ["weightDecay -1", { weightDecay: -1 }, /weightDecay must be .*, got -1/],
    ["lr NaN", { hyper: { lr: Number.NaN } }, /lr: must be a number .*, got NaN/],
    ["beta1 1", { hyper: { beta1: 1 } }, /beta1: must be .*\[0, 1\), got 1/],
    ["an unknown hyper-parameter", { hyper: { lrr: 1 } }, /lrr: no such setting. Did you mean lr\?/],
  ])("%s", (_, bad, message) => {
    expect(() => openTraining(plan(bad))).toThrow(HyperError);
    expect(() => openTraining(plan(bad))).toThrow(message);
  });

  // As plain JavaScript may: the compiler refuses them.
  test.each<[string, object, RegExp]>([
    [
      "the name of a rule",
      { optimizer: "sgd" },
      /^openTraining: optimizer must be an object, got "sgd"\. Give optimizerN/,
    ],
    [
      "the name of kernels",
      { kernels: "native" },
      /^openTraining: kernels must be an object, got "native"\. Give select/,
    ],
    ["no layers", { layers: undefined }, /^openTraining: layers must be an object, got undefined\. Give mlp\(/],
    ["layers as text", { layers: "mlp" }, /^openTraining: layers must be an object, got "mlp"\./],
    [
      "no rows at all",
      { split: null },
      /^openTraining: split must be an object, got null\. Give \{ images, labels \}\./,
    ],
    [
      "a seed for a stream",
      { stream: 7 },
      /^openTraining: stream must be an object, got 7\. Give RandomStream\.seeded/,
    ],
  ])("%s", (_, bad, message) => {
    expect(() => openTraining(plan(bad))).toThrow(HyperError);
    expect(() => openTraining(plan(bad))).toThrow(message);
  });

  test("an empty list of layers, and rows that are none", () => {
    expect(() => openTraining(plan({ layers: [] }))).toThrow("network: at least 1 layer is needed, got none.");
    for (const bad of [{}, [[1, 2]], { images: [[1]], labels: [0] }] as never[]) {
      expect(() => openTraining(plan({ split: bad }))).toThrow("there must be at least 1 row of 1 value");
    }
  });

  test("layers for rows of another width", () => {
    const layers = mlp({ inputSize: 7, hiddenSizes: [8], classes });
    expect(() => openTraining(plan({ layers }))).toThrow(ShapeError);
    expect(() => openTraining(plan({ layers }))).toThrow(/must take rows of 6, got one for 7/);
  });
});

test.each<[string, Partial<TrainOptions>, RegExp]>([
  ["rows 0", { rows: 0 }, /train: rows must be a whole number in \[1, 200\], got 0/],
  ["more rows than there are", { rows: 201 }, /rows must be .*, got 201/],
  ["rows NaN", { rows: Number.NaN }, /rows must be .*, got NaN/],
  ["batchSize 0", { batchSize: 0 }, /train: batchSize must be a whole number in \[1, 10\], got 0/],
  ["a batch larger than planned", { batchSize: 11 }, /batchSize must be .*, got 11/],
  ["batchSize 1.5", { batchSize: 1.5 }, /batchSize must be .*, got 1\.5/],
  ["iterations NaN", { iterations: Number.NaN }, /iterations must be a whole number of 0 or more, got NaN/],
  ["iterations -1", { iterations: -1 }, /iterations must be .*, got -1/],
  ["firstStep -1", { firstStep: -1 }, /train: firstStep must be a whole number of 0 or more, got -1/],
  ["no network", { network: undefined }, /^train: network must be an object, got undefined\. Give \.\.\.openTraining/],
  [
    "a seed for a stream",
    { stream: 7 as never },
    /^train: stream must be an object, got 7\. Give RandomStream\.seeded/,
  ],
  ["onDivergence stop", { onDivergence: "stop" as "throw" }, /onDivergence must be a known name, got "stop"/],
  [
    "a transform for an augmentation",
    { augmentation: inputNoise(0.1) as never },
    /^train\.augmentation: options must be an object, got .*\. Give \{ transforms: … \}\.$/,
  ],
  [
    "an augmentation of another name",
    { augmentation: { transform: [inputNoise(0.1)] } as never },
    /^train\.augmentation\.transform: no such setting\. Did you mean transforms\?$/,
  ],
])("train refuses %s before the first step", async (_, bad, message) => {
  await expect(firstEvent(bad)).rejects.toThrow(HyperError);
  await expect(firstEvent(bad)).rejects.toThrow(message);
});

test("no iterations at all, and endless ones, are fine", async () => {
  expect(await firstEvent({ iterations: 0 })).toBe("end");
  expect(await firstEvent({ iterations: Number.POSITIVE_INFINITY })).toBe("step");
});

test("setHyper refuses what is not finite or out of range, and then changes nothing", async () => {
  const { updater, network, loader } = openTraining(plan());
  const after = async () => {
    const options = { rows, batchSize: 10, iterations: 1, stream: RandomStream.seeded(1) };
    for await (const _event of train({ network, updater, loader, ...options })) {
      // One step.
    }
    return [...network.params.data];
  };
  for (const lr of [Number.NaN, Infinity, -Infinity, -0.1]) {
    expect(() => updater.setHyper({ beta1: 0, lr })).toThrow(
      `optimizer adam: lr: must be a number in [0, ∞), got ${lr}`,
    );
  }
  expect(() => updater.setHyper({ lrr: 1 })).toThrow(/^optimizer adam\.lrr: no such setting\. Did you mean lr\?$/);
  expect(() => updater.restore(-1)).toThrow(HyperError);
  const fresh = openTraining(plan());
  expect(await after()).not.toEqual([...fresh.network.params.data]);
  expect((await after()).every(Number.isFinite)).toBe(true);
});

test.each<[string, () => unknown, RegExp]>([
  [
    "dropRatio 1.5",
    () => new Dropout(4, 1.5, "book"),
    /dropout: dropRatio must be a finite number in \[0, 1\), got 1\.5/,
  ],
  ["dropRatio 20", () => mlp({ inputSize: 2, hiddenSizes: [3], classes: 2, dropRatio: 20 }), /dropRatio .* got 20/],
  ["dropRatio NaN", () => new Dropout(4, Number.NaN, "inverted"), /got NaN/],
  ["dropRatio 1", () => new Dropout(4, 1, "book"), /got 1\./],
  [
    "an unknown variant",
    () => new Dropout(4, 0.5, "bok" as "book"),
    /variant must be a known name, got "bok"\. Did you mean book\?/,
  ],
  ["no inputs", () => new Affine(0, 3), /affine: inputSize must be a whole number of 1 or more, got 0/],
  ["half a unit", () => new Affine(3, 2.5), /outputSize .* got 2\.5/],
  ["a size that is no number", () => new BatchNorm(Number.NaN), /batchNorm: size .* got NaN/],
  ["a negative size", () => new Relu(-1), /activation: size .* got -1/],
  ["classes NaN", () => mlp({ inputSize: 2, hiddenSizes: [], classes: Number.NaN }), /outputSize .* got NaN/],
  [
    "an unknown activation",
    () => mlp({ inputSize: 2, hiddenSizes: [3], classes: 2, activation: "rulu" as "relu" }),
    /Did you mean relu\?/,
  ],
  ["maxRows 0", () => new Sequential({ kernels, layers: [new Affine(2, 2)], maxRows: 0 }), /maxRows .* got 0/],
  [
    "a schedule from NaN",
    () => scheduleNamed("cosine").open({}, { lr: Number.NaN, steps: 3 }),
    /schedule cosine: lr .* got NaN/,
  ],
  ["a schedule of no steps", () => scheduleNamed("step").open({}, { lr: 1, steps: 0 }), /steps .* got 0/],
  ["a choice of none", () => RandomStream.seeded(0).choice(0, new Int32Array(1)), /choice: n .* got 0/],
  ["a choice of NaN", () => RandomStream.seeded(0).choice(Number.NaN, new Int32Array(1)), /got NaN/],
])("%s is refused with a sentence", (_, make, message) => {
  expect(make).toThrow(HyperError);
  expect(make).toThrow(message);
});

test("weight decay set later is looked at too", () => {
  const network = new Sequential({ kernels, layers: [new Affine(2, 2)], maxRows: 1 });
  expect(() => {
    network.weightDecay = Number.NaN;
  }).toThrow(HyperError);
  network.weightDecay = 0.5;
  expect(network.weightDecay).toBe(0.5);
});

test("one layer in two places is refused", () => {
  const twice = new Affine(3, 3);
  expect(() => new Sequential({ kernels, layers: [twice, new Relu(3), twice], maxRows: 1 })).toThrow(/got one twice/);
});

test("a loader and a meter look at their rows by themselves", () => {
  const { network, meter } = planned(kernels, (kernels) => {
    const { network } = openTraining(plan({ kernels }));
    return { network, meter: new AccuracyMeter(network, width) };
  });
  const bad = split(bytes, labels.slice(0, 50));
  expect(() => new BatchLoader(network.kernels, bad, 4)).toThrow(/got 50 labels/);
  expect(() => new BatchLoader(network.kernels, split(bytes), 0)).toThrow(/maxRows .* got 0/);
  expect(() => meter.of(split(bytes, withOne(labels, 3, 12)))).toThrow(/got 12 at row 3/);
  expect(() => meter.of(split(new Uint8Array(0), new Uint8Array(0), 0))).toThrow(/at least 1 row/);
});

test("300 classes are 300 classes", async () => {
  const wide = Uint16Array.from({ length: rows }, (_, i) => 299 - i);
  const layers = mlp({ inputSize: width, hiddenSizes: [], classes: 300 });
  const { network, loader } = openTraining(plan({ layers, split: split(bytes, wide), maxRows: 50 }));
  const { labels: loaded } = loader.loadRange(0, 3);
  expect([...loaded.data]).toEqual([299, 298, 297]);
  expect(network.classes).toBe(300);
});

test("any label beyond the network's classes is named by its row, wherever the batches fall", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: rows - 1 }), fc.integer({ min: classes, max: 255 }), (row, label) => {
      const bad = split(bytes, withOne(labels, row, label));
      expect(() => openTraining(plan({ split: bad }))).toThrow(`got ${label} at row ${row}.`);
    }),
  );
});

test("one class only is refused: by mlp, by a loss of labels, and by fit of rows whose labels are all one", async () => {
  expect(() => mlp({ inputSize: 2, hiddenSizes: [3], classes: 1 })).toThrow(
    /mlp: classes must be 2 or more, got 1\. For one number use regress/,
  );
  const layers = [new Affine(width, 1)];
  const same = split(bytes, new Uint8Array(rows));
  expect(() => openTraining(plan({ layers, split: same }))).toThrow(
    /openTraining: outputs of the last layer must be 2 or more, got 1\. Give it an output a class/,
  );
  expect(openTraining(plan({ layers, split: same, loss: meanSquaredError() })).network.classes).toBe(1);
  const model = classify(blueprint([4]));
  const rowsOf = (of: AnySplit["labels"]) => split(floats as never, of) as never;
  await expect(async () => model.fit(rowsOf(new Uint8Array(rows)))).rejects.toThrow(/at least 2 classes, got only "0"/);
  const threes = new Uint8Array(rows).fill(3);
  await expect(async () => model.fit(rowsOf(threes))).rejects.toThrow(/at least 2 classes, got only "3"/);
});
