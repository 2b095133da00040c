import { expect, test } from "vitest";
import type { LayerDiagnostic } from "../core/note.ts";
import { RandomStream } from "../core/random.ts";
import { Tensor } from "../core/tensor.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { Relu } from "../nn/activation.ts";
import { Affine } from "../nn/affine.ts";
import { Conv2d } from "../nn/conv2d.ts";
import { mlp } from "../nn/mlp.ts";
import { MaxPool } from "../nn/pooling.ts";
import { optimizerNamed } from "../optim/registry.ts";
import { diagnose } from "./diagnostics.ts";
import { openTraining, type Training } from "./open-training.ts";
import { train } from "./train.ts";

const rows = 40;
const width = 6;

/** Two of the six pixels are always dark. */
function open(optimizer: string, activation: "relu" | "sigmoid" = "relu"): Training {
  const data = Uint8Array.from({ length: rows * width }, (_, i) => (i % width < 2 ? 0 : 1 + ((i * 91) % 255)));
  return openTraining({
    kernels: wasmKernels("wasm-simd", "float32"),
    layers: mlp({ inputSize: width, hiddenSizes: [10], classes: 3, activation }),
    optimizer: optimizerNamed(optimizer),
    split: {
      images: { data, count: rows, width },
      labels: Uint8Array.from({ length: rows }, (_, i) => i % 3),
    },
    batchSize: 8,
    weightInit: "he",
    stream: RandomStream.seeded(0),
  });
}

async function diagnosed(training: Training, at: number): Promise<readonly LayerDiagnostic[]> {
  const options = { rows, batchSize: 8, iterations: at + 1, stream: RandomStream.seeded(1), diagnoseAt: [at] };
  for await (const event of train({ ...training, ...options })) {
    if (event.kind === "diagnostic") {
      return event.layers;
    }
  }
  throw new Error("no diagnostic came");
}

function weightsOf({ network }: Training): Tensor {
  return network.parameters[0].value; // [6, 10]
}

const norm = (values: Iterable<number>) => Math.sqrt([...values].reduce((sum, x) => sum + x * x, 0));

test("a unit is dead when it is 0 for every row, not for one", () => {
  const { network } = open("sgd");
  const { data } = network.parameters[0].value;
  const x = network.kernels.arena.floats(3, width);
  x.data.set([0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0]);
  // Unit u is open for row r where the sign says so; three are open for no row, three for the last alone.
  const signs = [
    [1, 1, 1, 1, -1, -1, -1, -1, -1, -1],
    [1, 1, 1, 1, -1, -1, -1, -1, -1, -1],
    [-1, 1, 1, 1, 1, 1, 1, -1, -1, -1],
  ];
  signs.forEach((row, r) => {
    row.forEach((sign, unit) => {
      data[(2 + r) * 10 + unit] = sign;
    });
  });
  network.forward(x, "train");
  const traces = { before: network.params.data.slice(), slots: new Map<string, Tensor>() };
  expect(diagnose(network, traces)[0].deadShare).toBe(0.3);
});

test("a filter is dead when it is 0 in all pixels of every row, not in some", () => {
  const split = { images: { data: new Uint8Array(2 * 9), count: 2, width: 9 }, labels: Uint8Array.of(0, 1) };
  const conv = new Conv2d({ height: 3, width: 3, channels: 1 }, { filters: 4, size: 1 });
  const { network } = openTraining({
    kernels: wasmKernels("wasm-simd", "float32"),
    layers: [conv, new MaxPool(conv.output, { size: 2, stride: 1 }), new Relu(16), new Affine(16, 2)],
    ...{ optimizer: optimizerNamed("sgd"), split, batchSize: 2, weightInit: "he", stream: RandomStream.seeded(0) },
  });
  // One filter answers to a dark pixel, one to the one bright pixel, which two of four windows see, two to nothing.
  network.parameters[0].value.data.set([0, 1, -1, 0]);
  network.parameters[1].value.data.set([0.5, 0, 0, -0.5]);
  const x = network.kernels.arena.floats(2, 9);
  x.data.set([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  network.forward(x, "train");
  const traces = { before: network.params.data.slice(), slots: new Map<string, Tensor>() };
  expect(diagnose(network, traces)[0].deadShare).toBe(0.5);
});

test("the update ratio is ‖ΔW‖/‖W‖ of the weights before the step", async () => {
  const training = open("sgd");
  const before = weightsOf(training).data.slice();
  const [first] = await diagnosed(training, 0);
  const after = weightsOf(training).data;
  const change = after.map((w, i) => w - before[i]);
  expect(norm(change)).toBeGreaterThan(0);
  expect(first.updateRatio).toBeCloseTo(norm(change) / norm(before), 6);
  expect(first.gradientNorm).toBeCloseTo(norm(change) / 0.01, 3);
});

test("saturated outputs are those within 2% of an end", () => {
  const { network } = open("sgd", "sigmoid");
  network.parameters[0].value.data.fill(0);
  const bias = network.parameters[1].value.data;
  bias.set([9, -9, 4, -4, 3.8, -3.8, 0, 1, 2, 3]); // sigmoid(4) = 0.982, sigmoid(3.8) = 0.978
  const x = network.kernels.arena.floats(2, width);
  network.forward(x, "train");
  const traces = { before: network.params.data.slice(), slots: new Map<string, Tensor>() };
  expect(diagnose(network, traces)[0].saturatedShare).toBe(0.4);
});

test.each(["momentum", "adam", "adagrad"])(
  "weights of dark pixels sleep under %s from the first step",
  async (name) => {
    const [first, last] = await diagnosed(open(name), 0);
    expect(first.sleepingShare).toBeGreaterThanOrEqual(2 / width);
    expect(first.sleepingShare).toBeLessThan(1);
    expect(last.sleepingShare).toBeLessThan(1);
  },
);

test("weights fall asleep when their unit dies and momentum has run out, and not before", async () => {
  const training = open("momentum");
  const [alive] = await diagnosed(training, 20);
  // Closed for good: no gradient comes through.
  training.network.parameters[1].value.data.fill(-1e6);
  const [dying] = await diagnosed(training, 0);
  expect(dying.sleepingShare).toBe(alive.sleepingShare);
  const [dead] = await diagnosed(training, 1000);
  expect(dead.sleepingShare).toBe(1);
  expect(dead.deadShare).toBe(1);
});

test("a rule without state has no sleeping weights to tell of", async () => {
  const [first] = await diagnosed(open("sgd"), 0);
  expect(first.sleepingShare).toBeNull();
});

test("a weight that a gradient reached is awake, though its slot is at 0", async () => {
  const training = open("momentum");
  const { network, loader } = training;
  const { x, labels } = loader.load(8, (indices) => void indices.set([0, 1, 2, 3, 4, 5, 6, 7]));
  network.gradient(x, labels);
  const { grad } = network.parameters[0];
  const reached = Array.from(grad.data).filter((g) => g !== 0).length;
  expect(reached).toBeGreaterThan(0);
  const slots = new Map([
    ["v", new Tensor(1, network.params.data.length, new Float32Array(network.params.data.length))],
  ]);
  const [first] = diagnose(network, { before: network.params.data.slice(), slots });
  expect(first.sleepingShare).toBe(1 - reached / grad.data.length);
});
