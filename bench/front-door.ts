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
const epochs = 2;

/** Milliseconds of the same training by hand and by `fit`. */
export interface FrontDoor {
  readonly loop: readonly number[];
  readonly fit: readonly number[];
  /** fit / loop, of the best rounds. */
  readonly ratio: number;
}

/**
 * What `fit` costs beside the loop that one would write by hand: both plan their arena, draw their weights, shuffle, and make
 * the same 200 steps of 784-100-100-100-100-10 by Adam at batch 128, in turn. Both end with the same loss, or it throws.
 */
export async function frontDoor(rounds: number): Promise<FrontDoor> {
  const data = exampleSplit();
  const kernels = selectKernels({ backend: "auto", dtype: "float32" });
  const loop: number[] = [];
  const fit: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const began = performance.now();
    const byHand = trainByHand(kernels, data);
    const between = performance.now();
    const history = await classify(mlp(hiddenSizes), { kernels, seed: 0 }).fit(data, { epochs, batchSize });
    const ended = performance.now();
    if (history.loss.at(-1) !== byHand) {
      throw new Error(
        `front door: both must end with one loss, got ${byHand} by hand and ${history.loss.at(-1)} by fit`,
      );
    }
    // The first round warms up.
    if (round >= 0) {
      loop.push(between - began);
      fit.push(ended - between);
    }
  }
  return { loop, fit, ratio: Math.min(...fit) / Math.min(...loop) };
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
function trainByHand(kernels: ReturnType<typeof selectKernels>, split: Split): number {
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
