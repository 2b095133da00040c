import { describe, expect, test } from "vitest";
import { RandomStream } from "../../src/core/random.ts";
import { readNpz } from "../../src/formats/npz.ts";
import type { NumberArray } from "../../src/formats/number-array.ts";
import { readSafetensors, safetensorsBytes } from "../../src/formats/safetensors.ts";
import { exportModel } from "../../src/model/export-model.ts";
import { loadWeights } from "../../src/model/load-weights.ts";
import type { ModelState } from "../../src/model/model-state.ts";
import { toTorch } from "../../src/model/torch-names.ts";
import { farthest, randomModel, withTensors } from "./random-model.ts";

const random = RandomStream.seeded(11);
const models = Array.from({ length: 40 }, () => randomModel(random));
const all = Array.from({ length: 300 }, () => randomModel(random));
/** Networks that PyTorch has modules for, and those that this test computes as PyTorch does. */
const torchModels = all.filter(({ state }) => state.layers.every(({ kind }) => kind !== "conv2d")).slice(0, 40);
const plainKinds = ["affine", "batchNorm", "dropout", "relu", "sigmoid", "tanh"];
const plainModels = all.filter(({ state }) => state.layers.every(({ kind }) => plainKinds.includes(kind)));
const zeros = (state: ModelState): ModelState => ({
  ...state,
  tensors: Object.fromEntries(
    Object.entries(state.tensors).map(([name, array]) => [
      name,
      { ...array, data: array.data.slice().fill(0 as never) },
    ]),
  ),
});

describe("weights go out and come in again, bit for bit", () => {
  test.each(["safetensors", "npz"] as const)("in %s with the book's names", async (format) => {
    for (const { state } of models.slice(0, 20)) {
      const bytes = await exportModel(state, format);
      expect((await loadWeights(zeros(state), bytes, { name: "w" })).tensors).toEqual(state.tensors);
    }
  });

  test("in safetensors with PyTorch's names, when no Dropout of the book's kind is to be made up for", async () => {
    for (const { state } of torchModels.filter(({ state }) => state.layers.every((layer) => !isBookDropout(layer)))) {
      const bytes = await exportModel(state, "safetensors", { names: "torch" });
      expect((await loadWeights(zeros(state), bytes, { name: "w", eps: 1e-6 })).tensors).toEqual(state.tensors);
    }
  });

  test("python's own arrays: float64, unsorted, in Fortran order", async () => {
    const { state } = models.find(({ state }) => state.dtype === "float32") as { state: ModelState };
    const wide = Object.entries(state.tensors).map(([name, { shape, data }]): [string, NumberArray] => [
      name,
      { dtype: "float64", shape, data: Float64Array.from(data as Float32Array) },
    ]);
    const bytes = safetensorsBytes({ tensors: new Map(wide.reverse()), metadata: new Map() });
    expect((await loadWeights(zeros(state), bytes, { name: "w" })).tensors).toEqual(state.tensors);
    await expect(loadWeights(state, new Uint8Array(9), { name: "w.npz" })).rejects.toThrow(
      "w.npz: must end with a zip",
    );
  });
});

const isBookDropout = (layer: object) => "variant" in layer && layer.variant === "book";

/** An `nn.Sequential` in evaluation mode as PyTorch computes it: y = x·Wᵀ + b, BatchNorm with its eps, no Dropout at all. */
function torchOutputs(state: ModelState, torch: ReadonlyMap<string, NumberArray>, eps: number, x: number[]): number[] {
  let row = x;
  const list = (name: string) => [...(torch.get(name)!.data as Float64Array)];
  state.layers.forEach(({ kind }, i) => {
    if (kind === "affine") {
      const weight = list(`${i}.weight`); // [out, in]
      row = list(`${i}.bias`).map((sum, j) =>
        row.reduce((total, value, k) => total + value * weight[j * row.length + k], sum),
      );
    } else if (kind === "batchNorm") {
      const [gamma, beta, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map((part) =>
        list(`${i}.${part}`),
      );
      row = row.map((value, j) => (gamma[j] * (value - mean[j])) / Math.sqrt(variance[j] + eps) + beta[j]);
    } else if (kind !== "dropout") {
      const f = {
        relu: (a: number) => Math.max(a, 0),
        sigmoid: (a: number) => 1 / (1 + Math.exp(-a)),
        tanh: Math.tanh,
      }[kind as "relu" | "sigmoid" | "tanh"];
      row = row.map(f);
    }
  });
  return row;
}

test("PyTorch gives the same outputs with the state_dict that is written, BatchNorm's eps and Dropout included", () => {
  for (const { state, network } of plainModels) {
    const x = Array.from({ length: state.inputs.size }, () => random.normal());
    const rows = torchOutputs(state, toTorch(state), 1e-6, x);
    const ours = network(x);
    rows.forEach((value, j) => {
      expect(Math.abs(value - ours[j])).toBeLessThan(1e-5 * Math.max(1, ...ours.map(Math.abs)));
    });
  }
});

test("a state_dict of another eps, with any module's names, gives PyTorch's outputs here", async () => {
  for (const { state } of plainModels.filter(({ state }) => state.dtype === "float64")) {
    const dict = toTorch(state);
    const renamed = [...dict].map(([name, array]): [string, NumberArray] => [`encoder.fc${name}`, array]);
    // As Python's safetensors writes it: sorted, so that 10 comes before 2.
    renamed.sort(([a], [b]) => (a < b ? -1 : 1));
    const bytes = safetensorsBytes({ tensors: new Map(renamed), metadata: new Map([["format", "pt"]]) });
    const loaded = await loadWeights(zeros(state), bytes, { name: "w" });
    const x = Array.from({ length: state.inputs.size }, () => random.normal());
    const expected = torchOutputs(state, dict, 1e-5, x);
    const ours = withTensors(loaded)(x);
    expected.forEach((value, j) => {
      expect(Math.abs(value - ours[j])).toBeLessThan(1e-12 * Math.max(1, ...ours.map(Math.abs)));
    });
  }
});

test("a state_dict of other layers is refused by what it holds", async () => {
  const { state } = plainModels.find(({ state }) => state.layers.length > 3) as { state: ModelState };
  const bytes = safetensorsBytes({ tensors: new Map([["fc.weight", state.tensors.W1]]), metadata: new Map() });
  await expect(loadWeights(state, bytes, { name: "w" })).rejects.toThrow(
    "got fc (affine). Make a model of the same layers.",
  );
});

test("an emitted module predicts as Tanren does, from columns by name and from lists, in at most 3 kB of code", async () => {
  for (const model of models) {
    const { state, rows, raw } = model;
    const code = new TextDecoder().decode(await exportModel(state, "js"));
    const module = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
    const numbersOf = ({ prediction, probabilities }: { prediction: unknown; probabilities?: number[] }): number[] =>
      probabilities ?? (typeof prediction === "number" ? [prediction] : Object.values(prediction as object));
    const answers = rows.map((row) => numbersOf(module.predict(row)));
    expect(farthest(model, answers)).toBeLessThan(1e-6);
    const lists = state.inputs.kind === "table" ? rows.map((row) => Object.values(row)) : raw;
    expect(module.predictAll(lists).map(numbersOf)).toEqual(answers);
    const { length } = code
      .replace(/atob\("[^"]*"\)/, "")
      .replaceAll(/^(export const (columns|classes|labels|targets)|const (layers|mean|std|target\w+)) = .*$/gm, "");
    expect(length).toBeLessThan(3000);
  }
});

test("an emitted module says what a row lacks, and names what it predicts", async () => {
  const { state } = models.find(
    ({ state: { inputs, targets } }) => targets.kind === "classes" && inputs.columns[0]?.fill === null,
  ) as { state: ModelState };
  const code = new TextDecoder().decode(await exportModel(state, "js"));
  const { predict, columns, classes } = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`
  );
  const row = Object.fromEntries(
    columns.map(({ name, words }: { name: string; words?: string[] }) => [name, words?.[0] ?? "0.5"]),
  );
  const { prediction, probabilities } = predict(row);
  expect(classes[probabilities.indexOf(Math.max(...probabilities))]).toBe(prediction);
  const { name } = columns[0];
  expect(() => predict({ ...row, [name]: "nonsense" })).toThrow(`${name}: must be`);
  expect(() => predict({ ...row, [name]: new Date(0) })).toThrow(`${name}: must be`);
  expect(() => predict({})).toThrow(`${name}: must be`);
});

test("npz and an unknown format", async () => {
  const [{ state }] = models;
  expect([...(await readNpz(await exportModel(state, "npz", { names: "torch" }), "w")).keys()]).toContain("0.weight");
  const { metadata } = readSafetensors(await exportModel(state, "safetensors"), "w");
  expect(JSON.parse(metadata.get("layers") as string)).toEqual(state.layers);
  await expect(exportModel(state, "onx" as never)).rejects.toThrow("got onx. Did you mean onnx?");
});
