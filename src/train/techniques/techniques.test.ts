import { expect, test } from "vitest";
import { RandomStream } from "../../core/random.ts";
import type { Split } from "../../data/dataset.ts";
import { referenceKernels } from "../../kernels/reference.ts";
import { losses } from "../../nn/losses/index.generated.ts";
import { mlp } from "../../nn/mlp.ts";
import { optimizerNamed } from "../../optim/registry.ts";
import { Mixup } from "../augment/mixup.ts";
import { openTraining } from "../open-training.ts";
import { techniqueSettings } from "../technique-settings.ts";
import { train } from "../train.ts";
import { changesIn } from "./changes.ts";
import { techniques } from "./kinds/index.generated.ts";
import { askableTechniques, openTechniques } from "./open.ts";

/** Thirty images of 3×3, two classes. */
const split: Split = {
  images: { data: Uint8Array.from({ length: 270 }, (_, i) => (i * 67 + (i % 7) * 31) % 256), count: 30, width: 9 },
  labels: Uint8Array.from({ length: 30 }, (_, i) => (i * 5) % 2),
};
const image = { height: 3, width: 3, channels: 1 };

/** The weights after four updates, and what they would be evaluated with. */
async function trained(asked: Readonly<Record<string, unknown>>): Promise<number[]> {
  const { plan, augmentation } = openTechniques(asked, { image, batchSize: 6 });
  const training = openTraining({
    kernels: referenceKernels("float64"),
    layers: mlp({ inputSize: 9, hiddenSizes: [5], classes: 2 }),
    optimizer: optimizerNamed("adamw"),
    hyper: { lr: 0.1 },
    split,
    batchSize: 6,
    weightInit: "he",
    stream: RandomStream.seeded(1),
    ...plan,
  });
  const stream = RandomStream.seeded(2);
  const drawn = augmentation(RandomStream.seeded(3));
  for await (const _ of train({ ...training, rows: 30, batchSize: 6, iterations: 4, stream, augmentation: drawn })) {
    // Goes on to the end.
  }
  const kept = training.parts.flatMap(({ tensors }) => Object.values(tensors));
  return [training.network.params, ...kept].flatMap(({ data }) => [...data]);
}

/** Something else than the default. */
function another(name: string): unknown {
  const { kind, options = [], default: usual, max = Number.POSITIVE_INFINITY } = askableTechniques[name];
  if (kind === "choice") {
    return options.find((option) => option !== usual);
  }
  return kind === "integer" ? Math.min(max, Number(usual) + 2) : Math.min(max, Number(usual) / 2 + 0.01);
}

test("no two techniques have a setting of one name", () => {
  const names = techniques.flatMap(({ settings }) => Object.keys(settings)).concat(Object.keys(techniqueSettings));
  expect(new Set(names).size).toBe(names.length);
});

test("nothing asked for is nothing at all", () => {
  const { plan, augmentation } = openTechniques({}, { image: null, batchSize: 6 });
  expect(plan).toEqual({});
  expect(augmentation(RandomStream.seeded(1))).toBeNull();
});

/** Those that turn one on; the others say how. */
const turned = ["clipNorm", "clipValue", "accumulate", "emaDecay", "swaFrom", "lookahead", "maxNorm", "l1", "decayOf"];

test.each([...turned, "labelSmoothing", "inputNoise", "shift", "rotate", "elastic", "mixup"])(
  "%s changes what is trained when it is asked for, the same way twice",
  async (name) => {
    const asked = { [name]: another(name) };
    const changed = await trained(asked);
    expect(changed).not.toEqual(await trained({}));
    expect(await trained(asked)).toEqual(changed);
  },
);

test("of changes only those are kept that are not at their defaults", () => {
  expect(changesIn("", { shift: 0, rotate: 5, elasticSigma: 4, mixup: undefined })).toEqual({ rotate: 5 });
});

test("what a training cannot have is refused in one sentence", () => {
  const huber = losses.find(({ name }) => name === "huber")!();
  expect(() => openTechniques({ shift: 1 }, { image: null, batchSize: 6 })).toThrow(/rows must be images/);
  expect(() => openTechniques({ labelSmoothing: 0.1 }, { image, loss: huber, batchSize: 6 })).toThrow(
    /needs the loss crossEntropy/,
  );
  expect(() => openTechniques({ clipNrom: 1 }, { image, batchSize: 6 })).toThrow(/Did you mean clipNorm\?/);
  expect(() => openTechniques({ mixup: 0.2 }, { image, batchSize: 1 })).toThrow(/at least 2 rows to mix/);
});

test("mixup's gradient is that of its loss: both targets in the shares of their rows", () => {
  const open = () =>
    openTraining({
      kernels: referenceKernels("float64"),
      layers: mlp({ inputSize: 9, hiddenSizes: [5], classes: 2, activation: "tanh" }),
      optimizer: optimizerNamed("sgd"),
      split,
      batchSize: 6,
      weightInit: "he",
      stream: RandomStream.seeded(1),
    });
  const { network, loader } = open();
  const { x, labels } = loader.loadRange(0, 6);
  const before = [...labels.data];
  const mix = new Mixup(0.4).mix(x, RandomStream.seeded(5));
  expect(mix.share).toBeGreaterThan(0);
  expect(mix.share).toBeLessThan(1);
  network.gradient(x, labels, null, mix);
  const grads = [...network.grads.data];
  expect([...labels.data]).toEqual(before);
  for (const i of [0, 7, 30, 46, 57]) {
    const { data } = network.params;
    const w = data[i];
    const at = (value: number) => {
      data[i] = value;
      return network.lossOf(x, labels, "train", null, mix);
    };
    const slope = (at(w + 1e-5) - at(w - 1e-5)) / 2e-5;
    data[i] = w;
    expect(grads[i]).toBeCloseTo(slope, 6);
  }
});

test("mixup's shares have the mean and the variance of Beta(α, α)", () => {
  const stream = RandomStream.seeded(6);
  for (const alpha of [0.2, 1, 3]) {
    const mixup = new Mixup(alpha);
    const { x } = { x: { data: new Float64Array(2), rows: 2, cols: 1 } };
    const shares = Array.from({ length: 4000 }, () => mixup.mix(x as never, stream).share);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length;
    expect(mean).toBeCloseTo(0.5, 1);
    expect(variance / (1 / (4 * (2 * alpha + 1)))).toBeCloseTo(1, 1);
  }
});
