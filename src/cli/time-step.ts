import { RandomStream } from "../core/random.ts";
import type { KernelSet } from "../kernels/kernels.ts";
import { planned } from "../kernels/planned.ts";
import { mlp } from "../nn/mlp.ts";
import { Sequential } from "../nn/sequential.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { optimizerNamed } from "../optim/registry.ts";
import { Updater } from "../optim/updater.ts";

export interface StepShape {
  readonly inputSize: number;
  readonly hiddenSizes: readonly number[];
  readonly classes: number;
  readonly batchSize: number;
}

/** The chapter's network: 784-100-100-100-100-10, batch 128. */
export const chapterShape: StepShape = {
  inputSize: 784,
  hiddenSizes: [100, 100, 100, 100],
  classes: 10,
  batchSize: 128,
};

/** Floating-point operations of one step's matrix products: forward, dW, and dx of every layer but the first. */
export function flopOfStep({ inputSize, hiddenSizes, classes, batchSize }: StepShape): number {
  const sizes = [inputSize, ...hiddenSizes, classes];
  return sizes.slice(1).reduce((sum, size, i) => sum + 2 * batchSize * sizes[i] * size * (i === 0 ? 2 : 3), 0);
}

/** A network with its update rule and a minibatch, nothing drawn or filled; and what makes a step of them. */
export function openStep(set: KernelSet, optimizer: Optimizer, { batchSize, ...spec }: StepShape) {
  const layers = mlp(spec);
  const { network, updater, x, labels } = planned(set, (kernels) => {
    const network = new Sequential({ kernels, layers, maxRows: batchSize });
    const { params, grads, parameters: segments } = network;
    return {
      network,
      updater: new Updater({ optimizer, kernels, params, grads, segments }),
      x: kernels.arena.floats(batchSize, spec.inputSize),
      labels: kernels.arena.ints(batchSize),
    };
  });
  const step = () => {
    const loss = network.gradient(x, labels);
    updater.step();
    return loss;
  };
  return { network, updater, x, labels, step };
}

/** One training step on a fixed batch, which is random where `pixels` gives none: forward, backward, update. */
export function makeStep(
  set: KernelSet,
  optimizerName: string,
  shape: StepShape = chapterShape,
  pixels?: Float32Array,
): () => number {
  const { network, x, labels, step } = openStep(set, optimizerNamed(optimizerName), shape);
  const stream = RandomStream.seeded(0);
  network.initialize("he", stream);
  for (let i = 0; i < x.data.length; i++) {
    x.data[i] = pixels?.[i] ?? stream.uniform(0, 1);
  }
  stream.choice(shape.classes, labels.data);
  return step;
}

/** Milliseconds of one call: the best and the median of `rounds` rounds that last about `milliseconds` each. */
export function time(
  step: () => unknown,
  { now, rounds, milliseconds }: { now: () => number; rounds: number; milliseconds: number },
): { best: number; median: number } {
  const began = now();
  let calls = 0;
  while (calls < 3 || now() - began < milliseconds) {
    step();
    calls++;
  }
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = now();
    for (let i = 0; i < calls; i++) {
      step();
    }
    times.push((now() - start) / calls);
  }
  times.sort((a, b) => a - b);
  return { best: times[0], median: times[times.length >> 1] };
}
