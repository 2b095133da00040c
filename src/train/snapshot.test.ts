import { expect, test } from "vitest";
import { RandomStream } from "../core/random.ts";
import type { Split } from "../data/dataset.ts";
import { planned } from "../kernels/planned.ts";
import { referenceKernels } from "../kernels/reference.ts";
import { mlp } from "../nn/mlp.ts";
import { optimizerNamed } from "../optim/registry.ts";
import { openTraining } from "./open-training.ts";
import { Microscope } from "./snapshot.ts";
import { histogramOf } from "./snapshot-histogram.ts";
import { weightImages } from "./snapshot-images.ts";

/** Row i is all i·10; its class is told by the first layer alone. */
const split: Split = {
  images: { data: Uint8Array.from({ length: 27 }, (_, i) => Math.floor(i / 3) * 10), count: 9, width: 3 },
  labels: Uint8Array.from({ length: 9 }, (_, i) => i % 2),
};

function looked(activation: "sigmoid" | "tanh" | "relu", hiddenSizes: number[] = []) {
  return planned(referenceKernels("float64"), (kernels) => {
    const { network, loader } = openTraining({
      ...{ kernels, split, batchSize: 4, weightInit: "he", stream: RandomStream.seeded(1) },
      layers: mlp({ inputSize: 3, hiddenSizes, classes: 2, activation }),
      optimizer: optimizerNamed("sgd"),
    });
    return { network, loader, microscope: new Microscope(network, { split, classes: 2, rows: 4 }) };
  });
}

test("zeros stand in no histogram's range, and a layer's ends are those of its activation", () => {
  expect(histogramOf(Float64Array.of(0, 0, 3, 5), 2)).toMatchObject({ low: 3, high: 5, zeros: 2, total: 4 });
  for (const [activation, low] of [
    ["sigmoid", 0],
    ["tanh", -1],
  ] as const) {
    const { network, loader, microscope } = looked(activation, [3]);
    const { x, labels } = loader.loadRange(0, 4);
    network.gradient(x, labels);
    const watch = { every: 1, histograms: true, weights: false, mistakes: false };
    const { layers } = microscope.look(watch, { before: network.params.data, slots: new Map() });
    expect(layers[0].activations).toMatchObject({ low, high: 1 });
  }
});

test("a weight image is one unit's weights", () => {
  const { network } = looked("relu");
  const [{ value }] = network.parameters; // [3, 2]
  value.data.set([1, -2, 3, -4, 5, -6]);
  const { pixels, scale, shown, rows, columns } = weightImages(network);
  expect({ scale, shown, rows, columns }).toEqual({ scale: 6, shown: 2, rows: 1, columns: 3 });
  expect([...pixels].map((pixel) => Math.round((pixel * 6) / 127))).toEqual([1, 3, 5, -2, -4, -6]);
});

test("mistakes are the rows of the whole split, the surest first, as sure as softmax says", () => {
  const { network, microscope } = looked("relu");
  const [weights, biases] = network.parameters;
  // Class 1 by x alone: every even row but the first is taken for it, the later the surer.
  weights.value.data.set([0, 1, 0, 1, 0, 1]);
  biases.value.data.fill(0);
  const watch = { every: 1, histograms: false, weights: false, mistakes: true };
  const mistakes = microscope.look(watch, { before: network.params.data, slots: new Map() }).mistakes!;
  expect([...mistakes.index]).toEqual([8, 6, 4, 2]);
  expect([...mistakes.images.subarray(0, 3)]).toEqual([80, 80, 80]);
  for (const [i, row] of [8, 6, 4, 2].entries()) {
    expect(mistakes.confidence[i]).toBeCloseTo(1 / (1 + Math.exp((-3 * row * 10) / 255)), 6);
  }
  expect(mistakes).toMatchObject({ rows: 9, right: 5, wrong: 4 });
  expect([...mistakes.confusion]).toEqual([1, 4, 0, 4]);
});
