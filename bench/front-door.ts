import { RandomStream } from "../src/core/random.ts";
import type { Split } from "../src/data/dataset.ts";
import { mlp } from "../src/model/blueprint.ts";
import { classify } from "../src/model/classify.ts";
import { mlp as mlpLayers } from "../src/nn/mlp.ts";
import { selectKernels } from "../src/node/kernels.ts";
import { optimizerNamed } from "../src/optim/registry.ts";
import { ShuffledBatches } from "../src/train/batch-order.ts";
import { openTraining } from "../src/train/open-training.ts";

const rows = 12_800;
const batchSize = 128;
const hiddenSizes = [100, 100, 100, 100];
/** Of the short and of the long training: 200 and 1,000 steps. */
const epochs = { short: 2, long: 10 };

/** Milliseconds of the same training by hand and by `fit`, each the best of the rounds. */
export interface FrontDoor {
  readonly loop: Readonly<Record<keyof typeof epochs, number>>;
  readonly fit: Readonly<Record<keyof typeof epochs, number>>;
  /** fit / loop, whole: what is done once a training is in it. */
  readonly whole: Readonly<Record<keyof typeof epochs, number>>;
  /** fit / loop of the steps by which the long training is longer. */
  readonly step: number;
}

/**
 * What `fit` costs beside the loop that one would write by hand: both plan their arena, draw their weights, shuffle, and make
 * the same steps of 784-100-100-100-100-10 by Adam at batch 128, in turn. Both end with the same loss, or it throws.
 */
export async function frontDoor(rounds: number): Promise<FrontDoor> {
  const data = exampleSplit();
  const kernels = selectKernels({ backend: "auto", dtype: "float32" });
  const loop = { short: Number.POSITIVE_INFINITY, long: Number.POSITIVE_INFINITY };
  const fit = { ...loop };
  // The first round warms up.
  for (let round = -1; round < rounds; round++) {
    for (const length of ["short", "long"] as const) {
      const began = performance.now();
      const byHand = trainByHand(kernels, data, epochs[length]);
      const between = performance.now();
      const history = await classify(mlp(hiddenSizes), { kernels, seed: 0 }).fit(data, {
        epochs: epochs[length],
        batchSize,
      });
      const ended = performance.now();
      if (history.loss.at(-1) !== byHand) {
        throw new Error(
          `front door: both must end with one loss, got ${byHand} by hand and ${history.loss.at(-1)} by fit`,
        );
      }
      if (round >= 0) {
        loop[length] = Math.min(loop[length], between - began);
        fit[length] = Math.min(fit[length], ended - between);
      }
    }
  }
  return {
    loop,
    fit,
    whole: { short: fit.short / loop.short, long: fit.long / loop.long },
    step: (fit.long - fit.short) / (loop.long - loop.short),
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

/** @returns the mean loss of the last epoch */
function trainByHand(kernels: ReturnType<typeof selectKernels>, split: Split, epochs: number): number {
  const stream = RandomStream.seeded(0);
  const { network, loader, updater } = openTraining({
    kernels,
    layers: mlpLayers({ inputSize: 784, hiddenSizes, classes: 10 }),
    optimizer: optimizerNamed("adam"),
    split,
    batchSize,
    weightInit: "he",
    stream,
  });
  const order = new ShuffledBatches({ rows, batchSize, stream });
  let sum = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    sum = 0;
    for (let step = 0; step < order.batches; step++) {
      const { x, labels } = loader.load(order.next(), (indices) => order.choose(indices));
      sum += network.gradient(x, labels);
      updater.step();
    }
  }
  return sum / order.batches;
}
