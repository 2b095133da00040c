import type { RandomStream } from "../../src/core/random.ts";
import type { Dtype, Tensor } from "../../src/core/tensor.ts";
import { scaled } from "../../src/data/standardize.ts";
import type { NumberArray } from "../../src/formats/number-array.ts";
import { referenceKernels } from "../../src/kernels/reference.ts";
import { wasmKernels } from "../../src/kernels/wasm.ts";
import {
  type ModelColumn,
  type ModelState,
  type ModelTask,
  modelFormat,
  modelTasks,
} from "../../src/model/model-state.ts";
import { layerOf, layerTensors, placedLayer } from "../../src/model/placed-layers.ts";
import { keptShape } from "../../src/model/tensor-shapes.ts";
import { activationNames, activations, Relu } from "../../src/nn/activation.ts";
import { Affine } from "../../src/nn/affine.ts";
import { BatchNorm } from "../../src/nn/batch-norm.ts";
import { Conv2d } from "../../src/nn/conv2d.ts";
import { Dropout } from "../../src/nn/dropout.ts";
import { type ImageShape, imageSize } from "../../src/nn/image-shape.ts";
import type { Layer } from "../../src/nn/layer.ts";
import { LayerNorm } from "../../src/nn/layer-norm.ts";
import { Maxout } from "../../src/nn/maxout.ts";
import { AveragePool, Flatten, GlobalAveragePool, MaxPool } from "../../src/nn/pooling.ts";
import { PRelu } from "../../src/nn/prelu.ts";
import { Residual } from "../../src/nn/residual.ts";
import { RmsNorm } from "../../src/nn/rms-norm.ts";
import type { Sequential } from "../../src/nn/sequential.ts";
import { networkWithBatch } from "../support/network-with-batch.ts";

/** A model nobody trained, rows for it, and what the engine says of them. */
export interface RandomModel {
  readonly state: ModelState;
  /** Raw rows as exported models take them: words as their places, NaN what is missing. */
  readonly raw: readonly (readonly number[])[];
  /** Those rows by column name: words as words, null what is missing. */
  readonly rows: readonly Readonly<Record<string, number | string | null>>[];
  /** Of each row: probabilities of classes or labels, or predicted numbers. */
  readonly expected: readonly (readonly number[])[];
  /** Of each row: Σ|terms| of the sums that its answers come from, at least 1. */
  readonly sizes: readonly number[];
  /** The network alone: its inputs to its last layer's outputs. */
  readonly network: (x: readonly number[]) => number[];
}

/** @param random decides everything */
export function randomModel(random: RandomStream): RandomModel {
  const whole = (from: number, to: number) => from + Math.floor(random.double() * (to - from + 1));
  const pick = <T>(list: readonly T[]) => list[whole(0, list.length - 1)];
  const dtype: Dtype = pick(["float32", "float32", "float64"]);
  const task: ModelTask = pick(modelTasks);
  const kind = pick(["table", "table", "numbers", "image"] as const);
  const columns = Array.from({ length: whole(1, 6) }, (_, i): ModelColumn => {
    const words = random.double() < 0.3 ? ["a", "b c", "名"].slice(0, whole(1, 3)) : undefined;
    const fill = random.double() < 0.3 ? (words === undefined ? 1.5 : words[0]) : null;
    const name = ["width", "length", "x y", '"quoted"', "色", "constructor"][i];
    return { name, kind: words ? "category" : "number", absent: [], fill, ...(words === undefined ? {} : { words }) };
  });
  const names = columns.flatMap(({ name, words }) => words?.map((word) => `${name}=${word}`) ?? [name]);
  const pixels =
    kind !== "table" && random.double() < 0.4
      ? { height: whole(3, 6), width: whole(3, 6), channels: whole(1, 3) }
      : null;
  const size = kind === "table" ? names.length : pixels === null ? whole(1, 30) : imageSize(pixels);
  const outputs = task === "binary" ? 1 : whole(task === "classification" ? 2 : 1, 7);
  const layers = randomLayers(pixels ?? size, outputs, { whole, pick, random });
  const { network, x } = networkWithBatch({
    kernels: dtype === "float32" ? wasmKernels("wasm-simd", dtype) : referenceKernels(dtype),
    layers,
    maxRows: 40,
  });
  network.initialize(pick(["he", "xavier"] as const), random);
  for (const { name, value } of network.parameters) {
    if (!name.endsWith(".W")) {
      value.data.forEach((at, j) => {
        value.data[j] = at + 0.3 * random.normal();
      });
    }
  }
  for (const [name, { data }] of network.buffers) {
    data.forEach((_, j) => {
      data[j] = name.endsWith("runningVariance") ? 0.2 + random.double() : 0.5 * random.normal();
    });
  }
  const ofWords =
    kind === "table"
      ? columns.flatMap(({ words }) => words?.map(() => true) ?? [false])
      : Array.from({ length: size }, () => false);
  const scales =
    kind === "image" || random.double() < 0.3
      ? null
      : {
          // Inputs of words are not scaled.
          mean: ofWords.map((word) => (word ? 0 : 3 * random.normal())),
          std: ofWords.map((word) => (word ? 1 : 0.1 + 2 * random.double())),
          constant: Array.from({ length: size }, () => random.double() < 0.1),
        };
  const labels = Array.from({ length: Math.max(2, outputs) }, (_, i) => `class ${i}`);
  const numbers = labels.slice(0, outputs);
  const state: ModelState = {
    format: modelFormat,
    tanren: "0.1.0",
    task,
    dtype,
    inputs: {
      kind,
      columns: kind === "table" ? columns : [],
      decimal: "point",
      size,
      names: kind === "table" ? names : [],
      scales,
      image: kind === "image" ? { rows: 1, columns: size, channels: 1 } : null,
    },
    targets:
      task === "regression"
        ? {
            kind: "numbers",
            names: numbers,
            mean: numbers.map(() => 10 * random.normal()),
            std: numbers.map(() => 0.1 + random.double()),
          }
        : task === "multilabel"
          ? { kind: "labels", names: numbers }
          : { kind: "classes", name: "class", classNames: labels },
    layers: layers.map(placedLayer),
    tensors: tensorsOf(network, dtype),
    loss: { name: "crossEntropy", hyper: {} },
    training: null,
    history: {},
    resume: null,
  };
  const count = whole(1, 40);
  // As rows of training are: some deviations around the mean.
  const usual = (input: number) =>
    Math.fround((scales?.mean[input] ?? 0) + (scales?.std[input] ?? 1) * random.normal());
  const raw = Array.from({ length: count }, () => {
    let input = 0;
    return kind === "table"
      ? columns.map(({ words, fill }) => {
          const at = input;
          input += words?.length ?? 1;
          const missing = fill !== null && random.double() < 0.3;
          return missing ? Number.NaN : words === undefined ? usual(at) : whole(0, words.length - 1);
        })
      : Array.from({ length: size }, (_, j) => (kind === "image" ? whole(0, 255) : usual(j)));
  });
  const rows = raw.map((row) =>
    Object.fromEntries(
      row.map((value, i) => {
        const column = kind === "table" ? columns[i] : null;
        const shown = Number.isNaN(value) ? null : (column?.words?.[value] ?? value);
        return [column?.name ?? `x${i + 1}`, shown];
      }),
    ),
  );
  return {
    state,
    raw,
    rows,
    network: (row) => outputsOf(network, x, row),
    ...answers(network, x.firstRows(raw.length), state, raw),
  };
}

interface Drawing {
  readonly whole: (from: number, to: number) => number;
  readonly pick: <T>(list: readonly T[]) => T;
  readonly random: RandomStream;
}

function randomLayers(inputs: number | ImageShape, outputs: number, { whole, pick, random }: Drawing): Layer[] {
  const layers: Layer[] = [];
  if (typeof inputs !== "number") {
    const window = () => ({ size: whole(1, 3), stride: whole(1, 2), padding: whole(0, 1) });
    const convolution = new Conv2d(inputs, { filters: whole(1, 5), ...window(), size: whole(2, 3) });
    const norm = random.double() < 0.3 ? [new BatchNorm(convolution.output)] : [];
    const bend = random.double() < 0.3 ? new PRelu(convolution.output) : new Relu(convolution.outputSize);
    layers.push(convolution, ...norm, bend);
    const pool = pick([MaxPool, AveragePool, GlobalAveragePool, Flatten]);
    const { height, width } = convolution.output;
    layers.push(new pool(convolution.output, { size: whole(1, Math.min(2, height, width)), stride: whole(1, 2) }));
  }
  let width = typeof inputs === "number" ? inputs : layers[layers.length - 1].outputSize;
  for (let depth = whole(0, 4); depth > 0; depth--) {
    const size = whole(1, 40);
    layers.push(new Affine(width, size));
    width = size;
    const norm = pick([BatchNorm, BatchNorm, LayerNorm, RmsNorm, null, null, null]);
    // A row of one number less its mean is nothing.
    if (norm !== null && width > 2) {
      layers.push(new norm(width));
    }
    const pieces = pick([1, 2, 3]);
    if (random.double() < 0.1 && width % pieces === 0) {
      layers.push(new Maxout(width, pieces));
      width /= pieces;
    } else {
      layers.push(random.double() < 0.1 ? new PRelu(width) : new activations[pick(activationNames)](width));
    }
    if (random.double() < 0.25) {
      layers.push(block(width, { whole, pick, random }));
    }
    if (random.double() < 0.3) {
      layers.push(new Dropout(width, 0.5 * random.double(), pick(["book", "inverted"] as const)));
    }
  }
  return [...layers, new Affine(width, outputs)];
}

/** A residual block, sometimes with another within. */
function block(width: number, drawing: Drawing, depth = 0): Layer {
  const { whole, pick, random } = drawing;
  const inner = whole(1, 12);
  const within = depth === 0 && random.double() < 0.3 ? [block(inner, drawing, 1)] : [];
  const norm = inner > 2 ? pick([[new BatchNorm(inner)], [new LayerNorm(inner)], []]) : [];
  const layers = [new Affine(width, inner), ...norm, new activations[pick(activationNames)](inner), ...within];
  const survival = pick([1, 1, 0.7]);
  return new Residual([...layers, new Affine(inner, width)], { survival });
}

/** @param x room for a row at least */
function outputsOf(network: Sequential, x: Tensor, row: readonly number[]): number[] {
  x.data.set(row);
  return [...network.forward(x.firstRows(1), "evaluate").data];
}

/** The network of a model, as {@link RandomModel.network}. */
export function withTensors({ layers, tensors, dtype }: ModelState): (x: readonly number[]) => number[] {
  const { network, x } = networkWithBatch({
    kernels: referenceKernels(dtype),
    layers: layers.map(layerOf),
    maxRows: 1,
  });
  const names = layerTensors(layers);
  network.layers.forEach(({ name }, i) => {
    for (const [own, kept] of Object.entries(names[i])) {
      tensorOf(network, `${name}.${own}`).data.set(tensors[kept].data as never);
    }
  });
  return (row) => outputsOf(network, x, row);
}

function tensorOf(network: Sequential, name: string): Tensor {
  return network.parameters.find((parameter) => parameter.name === name)?.value ?? network.buffers.get(name)!;
}

/** The network's tensors by the names that files give them. */
export function tensorsOf(network: Sequential, dtype: Dtype): Record<string, NumberArray> {
  const tensors: Record<string, NumberArray> = {};
  const names = layerTensors(network.layers.map(({ layer }) => placedLayer(layer)));
  network.layers.forEach(({ name }, i) => {
    for (const [own, kept] of Object.entries(names[i])) {
      const { data } = tensorOf(network, `${name}.${own}`);
      tensors[kept] = { dtype, shape: keptShape(network.layers[i].layer, own), data: data.slice() };
    }
  });
  return tensors;
}

/** Raw rows as the network gets them, in float64. */
export function encodedRows({ inputs }: ModelState, raw: readonly (readonly number[])[]): number[][] {
  return raw.map((row) => {
    const values =
      inputs.kind === "table"
        ? inputs.columns.flatMap(({ words, fill }, column) => {
            const place = typeof fill === "string" ? words!.indexOf(fill) : (fill as number);
            const value = Number.isNaN(row[column]) ? place : row[column];
            return words?.map((_, k) => (k === value ? 1 : 0)) ?? [value];
          })
        : row.map((value) => (inputs.kind === "image" ? value / 255 : value));
    return inputs.scales === null ? values : values.map((value, j) => scaled(value, inputs.scales!, j));
  });
}

/** What outputs of the network say, in float64: probabilities, or numbers in their own unit. */
export function toldBy({ targets, task }: ModelState, outputs: readonly number[]): number[] {
  if (targets.kind === "numbers") {
    return outputs.map((value, j) => value * targets.std[j] + targets.mean[j]);
  }
  if (task === "multilabel") {
    return outputs.map((value) => 1 / (1 + Math.exp(-value)));
  }
  const both = task === "binary" ? [0, outputs[0]] : outputs;
  const most = Math.max(...both);
  const powers = both.map((value) => Math.exp(value - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((value) => value / sum);
}

/** What the engine says of raw rows, by the loops of this test: inputs, network, outputs. */
function answers(
  network: Sequential,
  x: Tensor,
  state: ModelState,
  raw: readonly (readonly number[])[],
): Pick<RandomModel, "expected" | "sizes"> {
  const { targets } = state;
  encodedRows(state, raw).forEach((row, i) => {
    x.data.set(row, i * row.length);
  });
  const y = network.forward(x, "evaluate");
  const logits = raw.map((_, i) => [...y.data.subarray(i * y.cols, (i + 1) * y.cols)]);
  const terms = logits.map((row, i) => row.map((_, j) => termsOf(network, x, i, j)));
  const magnitude = (values: readonly number[]) => Math.max(1, ...values);
  return {
    expected: logits.map((row) => toldBy(state, row)),
    sizes: terms.map((row) =>
      magnitude(
        targets.kind === "numbers" ? row.map((value, j) => value * targets.std[j] + Math.abs(targets.mean[j])) : row,
      ),
    ),
  };
}

/** Σ|terms| of the sum that is output `j` of row `i`. */
function termsOf({ layers, parameters }: Sequential, x: Tensor, i: number, j: number): number {
  const [W, b] = parameters.slice(-2).map(({ value }) => value);
  const h = layers.at(-2)?.output ?? x;
  let sum = Math.abs(b.data[j]);
  for (let k = 0; k < W.rows; k++) {
    sum += Math.abs(h.data[i * W.rows + k] * W.data[k * W.cols + j]);
  }
  return sum;
}

/**
 * How far answers lie from a model's, at most: each number's difference relative to itself, in units of the row's size.
 * Two float32 sums of the same terms in another order differ by digits of the terms, whatever is left of them; a logit
 * that is off by so much moves its probability by the same share.
 */
export function farthest(
  { expected, sizes, state }: Pick<RandomModel, "expected" | "sizes" | "state">,
  got: readonly ArrayLike<number>[],
): number {
  let farthest = 0;
  expected.forEach((row, i) => {
    row.forEach((value, j) => {
      const own = state.task === "regression" ? 1 : Math.max(value, 1e-30);
      const distance = Math.abs(value - got[i][j]) / (own * sizes[i]);
      farthest = Number.isNaN(distance) ? Number.NaN : Math.max(farthest, distance);
    });
  });
  return farthest;
}
