import { describe, expect, test } from "vitest";
import { HyperError } from "../../core/errors.ts";
import { RandomStream } from "../../core/random.ts";
import type { Split } from "../../data/dataset.ts";
import { referenceKernels } from "../../kernels/reference.ts";
import { wasmKernels } from "../../kernels/wasm.ts";
import { mlp } from "../../nn/mlp.ts";
import { optimizerNamed } from "../../optim/registry.ts";
import { openTraining, type Training, type TrainingPlan, withAverage } from "../open-training.ts";
import { techniquesOf } from "../technique-settings.ts";
import { train } from "../train.ts";
import type { WeightAverage } from "./weight-average.ts";

/** Thirty rows of four bytes, two classes. */
const split: Split = {
  images: { data: Uint8Array.from({ length: 120 }, (_, i) => (i * 67 + (i % 7) * 31) % 256), count: 30, width: 4 },
  labels: Uint8Array.from({ length: 30 }, (_, i) => (i * 5) % 2),
};

function opened(options: Partial<TrainingPlan> = {}): Training {
  return openTraining({
    kernels: referenceKernels("float64"),
    layers: mlp({ inputSize: 4, hiddenSizes: [5], classes: 2, batchNorm: true }),
    optimizer: optimizerNamed("sgd"),
    hyper: { lr: 0.5 },
    split,
    batchSize: 6,
    weightInit: "he",
    stream: RandomStream.seeded(1),
    ...options,
  });
}

/** The weights after each update. */
async function path(training: Training, iterations: number, batchSize = 6, seed = 2): Promise<number[][]> {
  const weights: number[][] = [];
  const stream = RandomStream.seeded(seed);
  for await (const event of train({ ...training, rows: 30, batchSize, iterations, stream })) {
    if (event.kind === "step") {
      weights.push([...training.network.params.data]);
    }
  }
  return weights;
}

const norm = (x: ArrayLike<number>) => Math.hypot(...Array.from(x));

test("settings become techniques, each value where it belongs", () => {
  expect(
    techniquesOf({
      ...{ clipNorm: 2, clipValue: 3, accumulate: 4, swaFrom: 5, swaEvery: 6 },
      ...{ lookahead: 7, lookaheadAlpha: 0.8, maxNorm: 9, l1: 0.1, decayOf: "all" },
    }),
  ).toEqual({
    clip: { norm: 2, value: 3 },
    accumulate: 4,
    average: { kind: "swa", from: 5, every: 6 },
    lookahead: { every: 7, alpha: 0.8 },
    maxNorm: 9,
    l1: 0.1,
    decayOf: "all",
  });
});

test("with everything off no number changes, and nothing is kept", async () => {
  const training = opened();
  expect(training.parts).toEqual([]);
  expect(training.accumulator).toBeNull();
  expect(await path(opened({ l1: 0, accumulate: 1 }), 5)).toEqual(await path(training, 5));
});

describe("clipping", () => {
  test("by norm shortens the step to lr·c and keeps its direction; a larger bound changes nothing", async () => {
    const start = [...opened().network.params.data];
    const [free] = await path(opened(), 1);
    const step = free.map((w, i) => w - start[i]);
    const [clipped] = await path(opened({ clip: { norm: 0.01 } }), 1);
    const short = clipped.map((w, i) => w - start[i]);
    expect(norm(short)).toBeCloseTo(0.5 * 0.01, 12);
    for (const [i, x] of short.entries()) {
      expect(x * norm(step)).toBeCloseTo(step[i] * norm(short), 12);
    }
    expect((await path(opened({ clip: { norm: 1e6 } }), 1))[0]).toEqual(free);
  });

  test("by value cuts each element by itself", async () => {
    const start = [...opened().network.params.data];
    const [free] = await path(opened(), 1);
    const [cut] = await path(opened({ clip: { value: 0.02 } }), 1);
    const wanted = free.map((w, i) => start[i] - 0.5 * Math.min(0.02, Math.max(-0.02, (start[i] - w) / 0.5)));
    for (const [i, w] of cut.entries()) {
      expect(w).toBeCloseTo(wanted[i], 12);
    }
    expect(cut).not.toEqual(free);
  });

  test("refuses a bound of 0", () => {
    expect(() => opened({ clip: { norm: 0 } })).toThrow(/clip: norm must be above 0, got 0/);
  });
});

test("bounds and shares that are no numbers are refused", () => {
  expect(() => opened({ clip: { norm: "1" as never } })).toThrow('clip: norm must be above 0, got "1".');
  expect(() => opened({ maxNorm: "1" as never })).toThrow('openTraining: maxNorm must be above 0, got "1".');
  expect(() => opened({ maxNorm: 0 })).toThrow("openTraining: maxNorm must be above 0, got 0.");
  expect(() => opened({ lookahead: { every: 2, alpha: "0.5" as never } })).toThrow(
    'alpha must be a number in (0, 1], got "0.5"',
  );
});

test("three accumulated minibatches make the update of one of three times the rows", async () => {
  const layers = () => mlp({ inputSize: 4, hiddenSizes: [5], classes: 2 });
  const whole = opened({ layers: layers(), batchSize: 18 });
  const parts = opened({ layers: layers(), accumulate: 3, weightDecay: 0 });
  const [a] = await path(whole, 1, 18);
  const [b] = await path(parts, 1, 6);
  for (const [i, w] of b.entries()) {
    expect(w).toBeCloseTo(a[i], 12);
  }
});

describe("weight averaging", () => {
  test("ema keeps d of the mean and takes 1 − d of the weights, after each update", async () => {
    const training = opened({ average: { kind: "ema", decay: 0.8 } });
    const weights = await path(training, 6);
    let mean = weights[0];
    for (const w of weights.slice(1)) {
      mean = mean.map((x, i) => 0.8 * x + 0.2 * w[i]);
    }
    const { mean: ours } = training.parts[0] as WeightAverage;
    for (const [i, x] of mean.entries()) {
      expect(ours!.data[i]).toBeCloseTo(x, 12);
    }
  });

  test("swa is the mean of the weights after updates 3, 5 and 7", async () => {
    const training = opened({ average: { kind: "swa", from: 3, every: 2 } });
    const weights = await path(training, 8);
    const { mean } = training.parts[0] as WeightAverage;
    for (const [i, x] of [...mean!.data].entries()) {
      expect(x).toBeCloseTo((weights[2][i] + weights[4][i] + weights[6][i]) / 3, 12);
    }
  });

  test("swa takes every update from the one it begins with", async () => {
    const training = opened({ average: { kind: "swa", from: 3, every: 1 } });
    const weights = await path(training, 4);
    const { mean } = training.parts[0] as WeightAverage;
    for (const [i, x] of [...mean!.data].entries()) {
      expect(x).toBeCloseTo((weights[2][i] + weights[3][i]) / 2, 12);
    }
  });

  test("training does not see it, and evaluation sees it only while it evaluates", async () => {
    const training = opened({ average: { kind: "ema", decay: 0.9 } });
    const weights = await path(training, 5);
    expect(weights).toEqual(await path(opened(), 5));
    const seen = withAverage(training, () => [...training.network.params.data]);
    expect(seen).toEqual([...(training.parts[0] as WeightAverage).mean!.data]);
    expect([...training.network.params.data]).toEqual(weights[4]);
  });

  test("schedule-free AdamW brings its own mean", async () => {
    const training = opened({ optimizer: optimizerNamed("scheduleFreeAdamw"), hyper: { lr: 0.01 } });
    await path(training, 5);
    expect(withAverage(training, () => [...training.network.params.data])).toEqual([
      ...training.updater.slots.get("x")!.data,
    ]);
  });
});

test("lookahead goes back to a share of the way at every k-th update", async () => {
  const training = opened({ lookahead: { every: 3, alpha: 0.4 } });
  const start = [...training.network.params.data];
  const [, , third] = await path(training, 3);
  const [, , free] = await path(opened(), 3);
  for (const [i, w] of third.entries()) {
    expect(w).toBeCloseTo(start[i] + 0.4 * (free[i] - start[i]), 12);
  }
  expect(() => opened({ lookahead: { every: 5, alpha: 1.5 } })).toThrow(HyperError);
  expect(await path(opened({ lookahead: { every: 3, alpha: 1 } }), 4)).toEqual(await path(opened(), 4));
});

test("max-norm bounds what comes into each unit and leaves γ and biases alone", async () => {
  const training = opened({ maxNorm: 0.3, hyper: { lr: 0.1 } });
  await path(training, 4);
  for (const { shape, value } of training.network.parameters.filter(({ shape: { decays } }) => decays)) {
    for (let j = 0; j < shape.cols; j++) {
      const column = Array.from({ length: shape.rows }, (_, i) => value.data[i * shape.cols + j]);
      expect(norm(column)).toBeLessThan(0.3 + 1e-12);
    }
  }
  const gamma = training.network.parameters.find(({ name }) => name === "batchNorm1.gamma")!;
  expect(norm(gamma.value.data)).toBeGreaterThan(1);
});

test("L1 adds λ·Σ|W| to the loss and λ·sign(W) to the gradients of weights alone", () => {
  const plain = opened();
  const sparse = opened({ l1: 0.05 });
  const losses = [plain, sparse].map(({ network, loader }) => {
    const { x, labels } = loader.loadRange(0, 6);
    return network.gradient(x, labels);
  });
  const weights = sparse.network.parameters.filter(({ shape }) => shape.decays);
  const size = weights.flatMap(({ value }) => [...value.data]).reduce((sum, w) => sum + Math.abs(w), 0);
  expect(losses[1] - losses[0]).toBeCloseTo(0.05 * size, 12);
  for (const { begin, count, shape, value } of sparse.network.parameters) {
    for (let i = 0; i < count; i++) {
      const more = sparse.network.grads.data[begin + i] - plain.network.grads.data[begin + i];
      expect(more).toBeCloseTo(shape.decays ? 0.05 * Math.sign(value.data[i]) : 0, 12);
    }
  }
});

describe("parameter groups", () => {
  const adamw = { optimizer: optimizerNamed("adamw"), hyper: { lr: 0.1, weightDecay: 0.5 } };

  test("a rule's own weight decay spares biases, γ and β, and says so", () => {
    const { groups } = opened(adamw).updater;
    expect(groups).toEqual([
      { parameters: ["affine1.W", "affine2.W"], hyper: {}, lrFactor: 1 },
      {
        parameters: ["affine1.b", "batchNorm1.gamma", "batchNorm1.beta", "affine2.b"],
        hyper: { weightDecay: 0 },
        lrFactor: 1,
      },
    ]);
    expect(opened({ ...adamw, decayOf: "all" }).updater.groups).toHaveLength(1);
  });

  test.each([
    ["reference", referenceKernels("float64")],
    ["compiled", wasmKernels("wasm-simd", "float64")],
  ] as const)("without a gradient γ stays and W shrinks by 1 − lr·λ, %s", (_, kernels) => {
    const { network, updater } = opened({ ...adamw, kernels });
    const before = network.parameters.map(({ value }) => [...value.data]);
    updater.step();
    for (const [k, { shape, value }] of network.parameters.entries()) {
      expect([...value.data]).toEqual(before[k].map((w) => (shape.decays ? (1 - 0.1 * 0.5) * w : w)));
    }
  });

  test("a group's lr is a multiple of the others', and its fixed values outlast a change", async () => {
    const groups = [
      { parameters: ["affine2.*"], lrFactor: 0.5 },
      { parameters: ["*.b"], hyper: { lr: 0 } },
    ];
    const { network, updater } = opened({ groups });
    network.grads.data.fill(1);
    const before = [...network.params.data];
    updater.setHyper({ lr: 0.2 });
    updater.step();
    const moved = (name: string) => {
      const { begin } = network.parameters.find((parameter) => parameter.name === name)!;
      return before[begin] - network.params.data[begin];
    };
    expect(moved("affine1.W")).toBeCloseTo(0.2, 12);
    expect(moved("affine2.W")).toBeCloseTo(0.1, 12);
    expect(moved("affine2.b")).toBeCloseTo(0.1, 12);
    expect(moved("affine1.b")).toBe(0);
  });

  test("a name that fits nothing, and a hyper-parameter that the rule has not, are refused", () => {
    expect(() => opened({ groups: [{ parameters: ["affine3.W"] }] })).toThrow(/affine3\.W must name a parameter/);
    expect(() => opened({ groups: [{ parameters: ["*"], hyper: { beta1: 0.5 } }] })).toThrow(
      /^groups: sgd\.beta1: no such setting\. Known: lr\.$/,
    );
  });
});

test("training goes on from its tensors and numbers to the same bits, everything on", async () => {
  const options: Partial<TrainingPlan> = {
    optimizer: optimizerNamed("nadam"),
    hyper: { lr: 0.05 },
    clip: { norm: 1, value: 0.5 },
    accumulate: 2,
    average: { kind: "swa", from: 2, every: 2 },
    lookahead: { every: 3, alpha: 0.5 },
    maxNorm: 2,
    l1: 0.001,
  };
  const whole = opened(options);
  const weights = await path(whole, 7);
  const first = opened(options);
  const stream = RandomStream.seeded(2);
  for await (const _ of train({ ...first, rows: 30, batchSize: 6, iterations: 4, stream })) {
    // Four updates.
  }
  const second = opened({ ...options, stream: RandomStream.seeded(99) });
  const tensorsOf = ({ network, updater, parts }: Training) => [
    network.params,
    ...network.buffers.values(),
    ...updater.slots.values(),
    ...parts.flatMap(({ tensors }) => Object.values(tensors)),
  ];
  for (const [i, tensor] of tensorsOf(second).entries()) {
    tensor.data.set(tensorsOf(first)[i].data);
  }
  second.updater.restore(first.updater.t, first.updater.state);
  for (const [i, part] of second.parts.entries()) {
    part.restore(first.parts[i].numbers);
  }
  const rest: number[][] = [];
  for await (const event of train({ ...second, rows: 30, batchSize: 6, iterations: 3, stream })) {
    if (event.kind === "step") {
      rest.push([...second.network.params.data]);
    }
  }
  expect(rest).toEqual(weights.slice(4));
  expect([...(second.parts[3] as WeightAverage).mean!.data]).toEqual([...(whole.parts[3] as WeightAverage).mean!.data]);
});
