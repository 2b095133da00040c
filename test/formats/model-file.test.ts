// biome-ignore-all lint/suspicious/noExplicitAny: what is changed here is no model any more
import { describe, expect, test } from "vitest";
import { DataError } from "../../src/core/errors.ts";
import { RandomStream } from "../../src/core/random.ts";
import { readSafetensors, safetensorsBytes } from "../../src/formats/safetensors.ts";
import { modelBytes, modelFromBytes } from "../../src/model/model-file.ts";
import type { ModelState } from "../../src/model/model-state.ts";
import { randomModel } from "./random-model.ts";

const random = RandomStream.seeded(7);
const states = Array.from({ length: 15 }, () => randomModel(random).state);
const one = states.find(({ inputs, layers }) => inputs.kind === "table" && layers.length > 1) as ModelState;

/** As after some training, with everything that a resume needs. */
const resumed: ModelState = {
  ...one,
  training: {
    optimizer: { name: "Adam", hyper: { lr: 0.01, amsgrad: false } },
    schedule: null,
    epochs: 3,
    batchSize: 32,
    batches: "shuffle",
    weightDecay: 0,
    weightInit: "he",
    seed: 0,
    validation: 0.2,
    stopEarly: { patience: 3, metric: "valLoss" },
    classWeights: { a: 2, ["__proto__"]: 1 },
    source: null,
  },
  history: { loss: [1, 0.5, null], valLoss: [1, 2, 3] },
  resume: {
    kernels: "wasm-simd",
    step: 12,
    epoch: 1,
    data: "0123456789abcdef",
    random: { batches: { next: 623, spare: -0.25 } },
    numbers: { best: null, count: 3 },
    tensors: {
      "slot/m/W1": { dtype: "float32", shape: [2], data: Float32Array.of(Number.NaN, 1e-40) },
      "random/batches": {
        dtype: "uint32",
        shape: [624],
        data: Uint32Array.from({ length: 624 }, (_, i) => i * 2 ** 22),
      },
    },
  },
};

test("any model comes back from its file, and is written the same again", () => {
  for (const state of [...states, resumed]) {
    const bytes = modelBytes(state);
    const back = modelFromBytes(bytes, "m.tanren");
    expect(back).toEqual(state);
    expect(modelBytes(back)).toEqual(bytes);
  }
});

test("any reader of safetensors gets at the weights by the book's names", () => {
  const { tensors } = readSafetensors(modelBytes(one), "m.tanren");
  expect(tensors.get("W1")?.shape).toEqual([one.layers[0].inputs, one.layers[0].outputs]);
  expect(tensors.get("b1")?.data).toEqual(one.tensors.b1.data);
});

test("no bit of a file can flip unseen", () => {
  const small = states.reduce((a, b) => (modelBytes(a).length < modelBytes(b).length ? a : b));
  const bytes = modelBytes(small);
  const passed: number[] = [];
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3] ^= 1 << (bit & 7);
    try {
      const read = modelFromBytes(flipped, "m.tanren");
      // Without the checksum's name there is no checksum: all else is as it was.
      expect(read, `bit ${bit}`).toEqual(small);
      passed.push(bit);
    } catch (error) {
      expect(error, `bit ${bit}`).toBeInstanceOf(DataError);
    }
  }
  expect(passed.length).toBeLessThan(8 * "tanren.checksum".length);
});

test("a file of before, without a checksum, is read; one that was changed says how to go on", () => {
  const { tensors, metadata } = readSafetensors(modelBytes(one), "m");
  const b1 = { ...one.tensors.b1, data: one.tensors.b1.data.slice() } as ModelState["tensors"][string];
  (b1.data as Float32Array)[0] += 1;
  const file = { tensors: new Map(tensors).set("b1", b1), metadata: new Map(metadata) };
  expect(() => modelFromBytes(safetensorsBytes(file), "m.tanren")).toThrow(
    /must have the checksum "[0-9a-f]{8}" that it was written with, got [0-9a-f]{8}\. It is damaged: get it again, or remove tanren\.checksum/,
  );
  file.metadata.delete("tanren.checksum");
  expect(modelFromBytes(safetensorsBytes(file), "m.tanren").tensors.b1).toEqual(b1);
});

/** A file of a model whose JSON was changed. */
function changed(change: (model: Record<string, never>) => void, format = "1"): Uint8Array {
  const { tensors, metadata } = readSafetensors(modelBytes(resumed), "m");
  const model = JSON.parse(metadata.get("tanren.model") as string);
  change(model);
  const words = new Map(metadata).set("tanren.model", JSON.stringify(model)).set("tanren.format", format);
  return safetensorsBytes({ tensors, metadata: words });
}

/** A file of a model whose tensors were changed. */
function retensored(change: (tensors: Record<string, never>) => void): Uint8Array {
  const { tensors, metadata } = readSafetensors(modelBytes(resumed), "m");
  const record = Object.fromEntries(tensors) as Record<string, never>;
  change(record);
  return safetensorsBytes({ tensors: new Map(Object.entries(record)), metadata });
}

describe("a file that is no model of ours is refused in one sentence", () => {
  test.each<[string, () => Uint8Array, string]>([
    [
      "of a newer version",
      () => changed(() => {}, "2"),
      'must be a model of format 1 or older, got "2", by Tanren "0.1.0". Update Tanren.',
    ],
    ["of a strange version", () => changed(() => {}, "1.5"), 'got "1.5"'],
    [
      "of weights alone",
      () => safetensorsBytes({ tensors: new Map([["fc.weight", one.tensors.W1]]), metadata: new Map() }),
      "got arrays without a network (fc.weight)",
    ],
    [
      "with a task that is none",
      () =>
        changed((m: any) => {
          m.task = "telepathy";
        }),
      'model.task must be one of classification, binary, multilabel, regression, got "telepathy".',
    ],
    [
      "without a field",
      () =>
        changed((m: any) => {
          delete m.inputs.size;
        }),
      "model.inputs.size must be a whole number of 1 to 67108864, got nothing.",
    ],
    [
      "with a field too many",
      () =>
        changed((m: any) => {
          m.inputs.code = "x";
        }),
      'got {"code":"x"}',
    ],
    [
      "of a hostile width",
      () =>
        changed((m: any) => {
          m.layers[0].inputs = 2 ** 40;
        }),
      "model.layers[0].inputs must be a whole number of 1 to 67108864",
    ],
    [
      "of a hostile width within bounds",
      () =>
        changed((m: any) => {
          m.layers[0].outputs = 2 ** 26;
        }),
      "columns, got",
    ],
    [
      "with an unknown layer",
      () =>
        changed((m: any) => {
          m.layers[0].kind = "afine";
        }),
      'got "afine". Did you mean affine?',
    ],
    [
      "with a layer of everything's",
      () =>
        changed((m: any) => {
          m.layers[0].kind = "constructor";
        }),
      'got "constructor"',
    ],
    [
      "with a setting that means nothing",
      () =>
        changed((m: any) => {
          m.layers[0].bias = false;
        }),
      "layer 1 must be",
    ],
    [
      "without layers",
      () =>
        changed((m: any) => {
          m.layers = [];
        }),
      "must hold at least 1 layer",
    ],
    [
      "whose layers do not fit",
      () =>
        changed((m: any) => {
          m.layers.pop();
        }),
      "layers must lead from",
    ],
    [
      "whose columns do not fit",
      () =>
        changed((m: any) => {
          m.inputs.columns.pop();
        }),
      "inputs must be",
    ],
    [
      "whose scales do not fit",
      () =>
        changed((m: any) => {
          m.inputs.scales = { mean: [], std: [] };
        }),
      "inputs.scales must be",
    ],
    [
      "whose numbers are words",
      () =>
        changed((m: any) => {
          m.training.epochs = "3";
        }),
      'model.training.epochs must be a whole number of 0 or more, got "3"',
    ],
    [
      "whose classes are none",
      () =>
        changed((m: any) => {
          m.targets = { kind: "toString" };
        }),
      "model.targets.kind must be one of classes, labels, numbers",
    ],
    [
      "without a tensor",
      () =>
        retensored((t: any) => {
          delete t.b1;
        }),
      "b1 must be float",
    ],
    [
      "with a tensor too many",
      () =>
        retensored((t: any) => {
          t.W9 = t.W1;
        }),
      'got "W9" too',
    ],
    [
      "of another dtype",
      () =>
        retensored((t: any) => {
          t.b1 = { dtype: "int32", shape: t.b1.shape, data: new Int32Array(t.b1.data.length) };
        }),
      "got int32 of",
    ],
    [
      "of another shape",
      () =>
        retensored((t: any) => {
          t.W1 = { ...t.W1, shape: [...t.W1.shape].reverse().concat(1) };
        }),
      "W1 must be float",
    ],
    [
      "with a weight that is no number",
      () =>
        retensored((t: any) => {
          t.b1.data[0] = Number.NaN;
        }),
      "every weight must be a finite number, got NaN in b1 at [0]. Train it again",
    ],
  ])("%s", (_, make, sentence) => {
    const bytes = make();
    let error: unknown;
    try {
      modelFromBytes(bytes, "m.tanren");
    } catch (reason) {
      error = reason;
    }
    expect(error).toBeInstanceOf(DataError);
    const { text, message } = error as DataError;
    expect(message).toContain(sentence);
    expect(message).toMatch(/^m\.tanren: [^\n]*\.$|\?/);
    expect((text as { ja: string }).ja).toMatch(/^m\.tanren: [^\n]*。$/);
  });

  test("and such a model is not written either", () => {
    const b1 = { ...one.tensors.b1, data: one.tensors.b1.data.slice().fill(Number.POSITIVE_INFINITY as never) };
    expect(() => modelBytes({ ...one, tensors: { ...one.tensors, b1 } })).toThrow(
      "every weight must be a finite number",
    );
    const history = { loss: [Number.NaN] };
    expect(() => modelBytes({ ...one, layers: [], history })).toThrow("must hold at least 1 layer");
  });
});
