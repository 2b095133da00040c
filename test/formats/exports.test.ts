import { describe, expect, test } from "vitest";
import { RandomStream } from "../../src/core/random.ts";
import { readNpz } from "../../src/formats/npz.ts";
import type { NumberArray } from "../../src/formats/number-array.ts";
import { readSafetensors, safetensorsBytes } from "../../src/formats/safetensors.ts";
import { mlp } from "../../src/model/blueprint.ts";
import { classify, multiLabel, regress } from "../../src/model/classify.ts";
import { exportModel } from "../../src/model/export-model.ts";
import { modelFromState } from "../../src/model/load.ts";
import { loadWeights } from "../../src/model/load-weights.ts";
import type { ModelState } from "../../src/model/model-state.ts";
import { placedLayer } from "../../src/model/placed-layers.ts";
import { readTable } from "../../src/model/table.ts";
import { tensorShapes } from "../../src/model/tensor-shapes.ts";
import { fromTorch, toTorch } from "../../src/model/torch-names.ts";
import { Affine } from "../../src/nn/affine.ts";
import { Conv2d } from "../../src/nn/conv2d.ts";
import { type ImageShape, imageSize } from "../../src/nn/image-shape.ts";
import { Flatten, MaxPool } from "../../src/nn/pooling.ts";
import { PRelu } from "../../src/nn/prelu.ts";
import { farthest, randomModel, withTensors } from "./random-model.ts";

const random = RandomStream.seeded(11);
const models = Array.from({ length: 40 }, () => randomModel(random));
const all = Array.from({ length: 300 }, () => randomModel(random));
/** Networks that PyTorch has modules for, and those that this test computes as PyTorch does. */
const torchModels = all.filter(({ state }) => hasModules(state.layers)).slice(0, 80);
const plainKinds = ["affine", "batchNorm", "dropout", "relu", "sigmoid", "tanh"];
const plainModels = all.filter(({ state }) => state.layers.every(({ kind }) => plainKinds.includes(kind)));
function hasModules(layers: ModelState["layers"]): boolean {
  return layers.every((layer) =>
    layer.kind === "residual" ? layer.survival === 1 && hasModules(layer.layers) : layer.kind !== "maxout",
  );
}
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
    for (const { state } of torchModels.filter(({ state }) => !JSON.stringify(state.layers).includes('"book"'))) {
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

test("a convolution, pooling and what follows are what PyTorch computes of images channels first", () => {
  for (const image of [
    { height: 5, width: 4, channels: 3 },
    { height: 4, width: 6, channels: 1 },
  ]) {
    const convolution = new Conv2d(image, { filters: 4, size: 3, stride: 2, padding: 1 });
    const pool = new MaxPool(convolution.output, { size: 2, stride: 1 });
    const behind = pool.output;
    const state = {
      ...models[0].state,
      dtype: "float64" as const,
      layers: [
        ...[convolution, new PRelu(convolution.output), pool, new Flatten(behind)],
        ...[new PRelu(pool.outputSize), new Affine(pool.outputSize, 3)],
      ].map(placedLayer),
    };
    const tensors = Object.fromEntries(
      [...tensorShapes(state.layers)].map(([name, shape]) => {
        const data = Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal());
        return [name, { dtype: "float64" as const, shape, data }];
      }),
    );
    const model = { ...state, tensors };
    const torch = toTorch(model);
    expect(torch.get("0.weight")!.shape).toEqual([4, image.channels, 3, 3]);
    const x = Array.from({ length: imageSize(image) }, () => random.normal());
    const at = (shape: ImageShape, c: number, i: number, j: number) => (i * shape.width + j) * shape.channels + c;
    const numbers = (name: string) => torch.get(name)!.data as Float64Array;
    // Channels first, as torch.nn.Conv2d, MaxPool2d and Flatten have them.
    const convolved = (f: number, i: number, j: number) => {
      let sum = numbers("0.bias")[f];
      for (let c = 0; c < image.channels; c++) {
        for (let k = 0; k < 9; k++) {
          const [row, column] = [2 * i - 1 + Math.floor(k / 3), 2 * j - 1 + (k % 3)];
          if (row >= 0 && column >= 0 && row < image.height && column < image.width) {
            sum += x[at(image, c, row, column)] * numbers("0.weight")[(f * image.channels + c) * 9 + k];
          }
        }
      }
      return sum > 0 ? sum : numbers("1.weight")[f] * sum;
    };
    const flat: number[] = [];
    for (let c = 0; c < behind.channels; c++) {
      for (let i = 0; i < behind.height; i++) {
        for (let j = 0; j < behind.width; j++) {
          flat.push(Math.max(...[0, 1].flatMap((a) => [0, 1].map((b) => convolved(c, i + a, j + b)))));
        }
      }
    }
    const bent = flat.map((value, k) => (value > 0 ? value : numbers("4.weight")[k] * value));
    const expected = [0, 1, 2].map((o) =>
      bent.reduce((sum, value, k) => sum + value * numbers("5.weight")[o * bent.length + k], numbers("5.bias")[o]),
    );
    const ours = withTensors(model)(x);
    expected.forEach((value, o) => {
      expect(ours[o]).toBeCloseTo(value, 10);
    });
    expect(fromTorch(model, torch)).toEqual(tensors);
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

test("an emitted module takes a Date where the column holds dates, and nowhere else", async () => {
  const rows = Array.from({ length: 20 }, (_, i) => ({ when: new Date(Date.UTC(2024, 0, i + 1)), n: i % 3, y: i }));
  const model = regress(mlp([3]));
  await model.fit(rows, { target: "y", epochs: 2 });
  const code = new TextDecoder().decode(await exportModel(model.toState(), "js"));
  const { predict, columns } = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
  expect(columns).toEqual([{ name: "when", date: true }, { name: "n" }]);
  const [{ when, n }] = rows;
  const wanted = model.predict({ when, n }).value;
  for (const row of [{ when, n }, { when: when.getTime() / 1000, n }, [when, n]]) {
    expect(predict(row).prediction).toBeCloseTo(wanted, 4);
  }
  expect(() => predict({ when, n: when })).toThrow("n: must be a number");
  expect(() => predict({ when: new Date(Number.NaN), n })).toThrow("when: must be a Date, or seconds since 1970, got");
  expect(() => predict({ when: "2021-01-01", n })).toThrow("when: must be a Date, or seconds since 1970, got 2021");
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
  expect(() => predict({ ...row, [name]: " " })).toThrow(`${name}: must be`);
  const list = Object.values(row);
  expect(predict(list).prediction).toBe(prediction);
  expect(() => predict([...list, 1])).toThrow(`row: must have ${list.length} values, got ${list.length + 1}`);
  expect(() => predict(list.slice(1))).toThrow(`row: must have ${list.length} values, got ${list.length - 1}`);
});

const moduleOf = async (state: ModelState) => {
  const code = new TextDecoder().decode(await exportModel(state, "js"));
  return import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
};

test("an emitted module takes words that are numbers to a program, and whole numbers of a database", async () => {
  const rows = Array.from({ length: 24 }, (_, i) => ({ floor: i, zip: [10, 20, 30][i % 3], kind: i % 2 ? "a" : "b" }));
  const model = classify(mlp([4]));
  const text = ["floor,zip,kind", ...rows.map((row) => Object.values(row).join())].join("\n");
  await model.fit(readTable(text, "t.csv", { target: "kind", kinds: { zip: "category" } }), { epochs: 2 });
  const { predict } = await moduleOf(model.toState());
  const told = predict({ floor: 3, zip: "20" });
  expect(told.prediction).toBe(model.predict({ floor: 3, zip: 20 }).class);
  for (const row of [{ floor: 3n, zip: 20n }, { floor: " 3 ", zip: 20 }, [3, " 20 "]]) {
    expect(predict(row)).toEqual(told);
  }
  expect(() => predict({ floor: 3, zip: 21 })).toThrow("zip: must be 10,20,30, got 21.");
});

test("an emitted module says yes where the model does: above one half, not at it", async () => {
  const x = [[0], [1], [2], [3]];
  const model = multiLabel(mlp([]));
  await model.fit({ x, y: x.map(([a]) => [a > 1, a > 2]) }, { epochs: 1 });
  const state = zeros(model.toState());
  const even = modelFromState(state) as typeof model;
  expect(even.predict([0])).toEqual({ answers: { y1: false, y2: false }, probabilities: { y1: 0.5, y2: 0.5 } });
  expect((await moduleOf(state)).predict([0])).toEqual({ prediction: [], probabilities: [0.5, 0.5] });
});

test("npz and an unknown format", async () => {
  const [{ state }] = models;
  expect([...(await readNpz(await exportModel(state, "npz", { names: "torch" }), "w")).keys()]).toContain("0.weight");
  const { metadata } = readSafetensors(await exportModel(state, "safetensors"), "w");
  expect(JSON.parse(metadata.get("layers") as string)).toEqual(state.layers);
  await expect(exportModel(state, "onx" as never)).rejects.toThrow('got "onx". Did you mean onnx?');
});

test.each([
  ["onnx", { names: "torch" }, "export: names must go with safetensors or npz, got onnx. Leave it out."],
  ["npz", { inputType: "float64" }, "export: inputType must go with onnx, got npz. Leave it out."],
  ["js", { time: 1 }, "export: time must go with tensorboard, got js. Leave it out."],
  ["npz", { names: "keras" }, 'export: names must be a known name, got "keras". Known: book, torch.'],
  ["onnx", { inputType: "float16" }, 'export: inputType must be a known name, got "float16".'],
] as const)("to %s %j is refused: it would change nothing", async (format, options, says) => {
  await expect(exportModel(models[0].state, format, options as never)).rejects.toThrow(says);
});
