import { RandomStream } from "../src/core/random.ts";
import type { Split } from "../src/data/dataset.ts";
import type { KernelSet } from "../src/kernels/kernels.ts";
import { mlp } from "../src/model/blueprint.ts";
import { classify } from "../src/model/classify.ts";
import { mlp as mlpLayers } from "../src/nn/mlp.ts";
import { selectKernels } from "../src/node/native-kernels.ts";
import { optimizerNamed } from "../src/optim/registry.ts";
import { ShuffledBatches } from "../src/train/batch-order.ts";
import { openTraining } from "../src/train/open-training.ts";

const rows = 12_800;
const batchSize = 128;
const hiddenSizes = [100, 100, 100, 100];

/** Medians over epochs of 100 steps. */
export interface FrontDoor {
  /** Milliseconds of an epoch. */
  readonly loop: number;
  readonly fit: number;
  /** fit / loop of the epochs that follow each other: the machine's own changes are in both. */
  readonly ratio: number;
}

/** Makes its next epoch; at the last one, gives the mean loss of it. */
type Trainer = () => Promise<number | undefined>;

/**
 * What a step of `fit` costs beside one of the loop that one would write by hand: both make the same steps of
 * 784-100-100-100-100-10 by Adam at batch 128, an epoch each in turn, each first in every second round. Two of each, for
 * where their memory lies makes up to 2% between two that do the same. All end with the same loss, or it throws.
 */
export async function frontDoor(epochs: number): Promise<FrontDoor> {
  const kernels = selectKernels({ backend: "auto", dtype: "float32" });
  const trainers = {
    loop: [byHand(kernels, epochs), byHand(kernels, epochs)],
    fit: [byFit(kernels, epochs), byFit(kernels, epochs)],
  } as const;
  const names = ["loop", "fit"] as const;
  const took = { loop: [] as number[], fit: [] as number[] };
  const losses = new Set<number | undefined>();
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const name of epoch % 2 === 0 ? names : names.toReversed()) {
      const began = performance.now();
      const both = [await trainers[name][0](), await trainers[name][1]()];
      took[name].push((performance.now() - began) / 2);
      if (epoch === epochs - 1) {
        both.forEach((loss) => {
          losses.add(loss);
        });
      }
    }
  }
  if (losses.size > 1) {
    throw new Error(`front door: all must end with one loss, got ${[...losses].join(" and ")}`);
  }
  // The first ones warm up.
  const median = (values: readonly number[]) => values.slice(3).sort((a, b) => a - b)[(values.length - 3) >> 1];
  return {
    loop: median(took.loop),
    fit: median(took.fit),
    ratio: median(took.fit.map((ms, i) => ms / took.loop[i])),
  };
}

function exampleSplit(): Split {
  const random = RandomStream.seeded(3);
  const labels = Uint8Array.from({ length: rows }, () => Math.floor(10 * random.double()));
  const pixels = Uint8Array.from({ length: rows * 784 }, (_, k) =>
    Math.floor(random.double() * (40 + 20 * ((k + labels[Math.floor(k / 784)]) % 10))),
  );
  return { images: { data: pixels, count: rows, width: 784 }, labels };
}

function byHand(kernels: KernelSet, epochs: number): Trainer {
  const stream = RandomStream.seeded(0);
  const { network, loader, updater } = openTraining({
    kernels,
    layers: mlpLayers({ inputSize: 784, hiddenSizes, classes: 10 }),
    optimizer: optimizerNamed("adam"),
    split: exampleSplit(),
    batchSize,
    weightInit: "he",
    stream,
  });
  const order = new ShuffledBatches({ rows, batchSize, stream });
  let epoch = 0;
  return async () => {
    let sum = 0;
    for (let step = 0; step < order.batches; step++) {
      const { x, labels } = loader.load(order.next(), (indices) => order.choose(indices));
      sum += network.gradient(x, labels);
      updater.step();
    }
    epoch++;
    return epoch === epochs ? sum / order.batches : undefined;
  };
}

function byFit(kernels: KernelSet, epochs: number): Trainer {
  const events = classify(mlp(hiddenSizes), { kernels, seed: 0 }).fit(exampleSplit(), { epochs, batchSize });
  const iterator = events[Symbol.asyncIterator]();
  return async () => {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      if (next.value.kind === "epoch") {
        return next.value.epoch === epochs - 1 ? next.value.metrics.loss : undefined;
      }
    }
    return undefined;
  };
}
