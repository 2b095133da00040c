import { align } from "../core/arena.ts";
import { wholeNumber } from "../core/checks.ts";
import { ShapeError } from "../core/errors.ts";
import type { RandomStream } from "../core/random.ts";
import { bytesPerElement } from "../core/tensor.ts";
import type { AnySplit } from "../data/dataset.ts";
import type { WeightInit, WeightInitName } from "../init/weights.ts";
import type { KernelSet } from "../kernels/kernels.ts";
import type { Layer } from "../nn/layer.ts";
import type { Loss } from "../nn/loss.ts";
import { parameterCount } from "../nn/network-plan.ts";
import { Sequential } from "../nn/sequential.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { Updater, updaterBytes } from "../optim/updater.ts";
import { Accumulator } from "./accumulator.ts";
import { BatchLoader, batchLoaderBytes } from "./batch-loader.ts";
import { checkOnce } from "./check-once.ts";
import { ClipGradients } from "./parts/clip-gradients.ts";
import { Lookahead } from "./parts/lookahead.ts";
import { MaxNorm } from "./parts/max-norm.ts";
import type { TrainingPart } from "./parts/training-part.ts";
import { WeightAverage } from "./parts/weight-average.ts";
import type { Techniques } from "./techniques.ts";

export interface TrainingPlan extends Techniques {
  readonly kernels: KernelSet;
  readonly layers: readonly Layer[];
  readonly optimizer: Optimizer;
  /** Over the optimizer's defaults. */
  readonly hyper?: Readonly<Record<string, number>>;
  /** The rows that minibatches come from. */
  readonly split: AnySplit;
  /** Rows of the largest minibatch. */
  readonly batchSize: number;
  /** Rows of the largest block evaluated; as `batchSize` when absent. */
  readonly maxRows?: number;
  /** Softmax with cross entropy when absent. */
  readonly loss?: Loss;
  /** λ of ½·λ·ΣW². 0 when absent. */
  readonly weightDecay?: number;
  readonly weightInit: WeightInitName | WeightInit;
  /** The initial weights are drawn from it. */
  readonly stream: RandomStream;
  /** Bytes the caller will take from the arena beside. */
  readonly extraBytes?: number;
}

/** A network with its weights drawn, its update rule and its batches: what {@link train} takes, in one arena. */
export interface Training {
  readonly network: Sequential;
  readonly updater: Updater;
  readonly loader: BatchLoader;
  /** What happens around each update beside the rule, in that order; their state is kept with the rule's in a checkpoint. */
  readonly parts: readonly TrainingPart[];
  /** Null where each minibatch makes an update. */
  readonly accumulator: Accumulator | null;
}

/**
 * Plans one arena for a network, an optimizer's state and a minibatch, and draws the initial weights. What cannot be
 * trained with is refused here, before the first step.
 * @throws DataError when rows and labels do not belong together, a value is not finite or a label is no class of the network;
 *   it names the row
 * @throws ShapeError when layers do not fit one another or the rows
 * @throws HyperError on an unknown initialiser, an unknown hyper-parameter or one out of range
 */
export function openTraining(plan: TrainingPlan): Training {
  const { kernels, layers, optimizer, hyper, split, batchSize, weightDecay, l1, weightInit, stream } = plan;
  const { accumulate = 1, average, lookahead, clip, maxNorm, groups, decayOf } = plan;
  const { maxRows = batchSize, extraBytes = 0 } = plan;
  wholeNumber("openTraining", "batchSize", batchSize, { min: 1 });
  wholeNumber("openTraining", "maxRows", maxRows, { min: 1 });
  const count = parameterCount(layers, kernels.dtype);
  checkRows(split, layers);
  const flat = align(count * bytesPerElement(kernels.dtype));
  const vectors = [accumulate !== 1, average !== undefined, lookahead !== undefined].filter(Boolean).length;
  const network = new Sequential({
    kernels,
    layers,
    maxRows: Math.max(batchSize, maxRows),
    loss: plan.loss,
    weightDecay,
    l1,
    extraBytes:
      vectors * flat +
      updaterBytes(optimizer, count, kernels.dtype) +
      batchLoaderBytes(batchSize, split.images.width, kernels.dtype) +
      extraBytes,
  });
  network.initialize(weightInit, stream);
  const updater = new Updater({
    optimizer,
    kernels: network.kernels,
    params: network.params,
    grads: network.grads,
    hyper,
    segments: network.parameters,
    groups,
    decayOf,
  });
  const { arena } = network.kernels;
  const vector = () => arena.floats(1, count);
  const { params, grads, parameters } = network;
  const parts: TrainingPart[] = [];
  if (clip !== undefined) {
    parts.push(new ClipGradients(network.kernels, grads, clip));
  }
  if (maxNorm !== undefined) {
    parts.push(new MaxNorm(parameters, maxNorm));
  }
  if (lookahead !== undefined) {
    parts.push(new Lookahead(network.kernels, params, vector(), lookahead));
  }
  if (average !== undefined) {
    parts.push(new WeightAverage(network.kernels, params, vector(), average));
  }
  return {
    network,
    updater,
    loader: new BatchLoader(network.kernels, split, batchSize),
    parts,
    accumulator: accumulate === 1 ? null : new Accumulator(network.kernels, grads, vector(), accumulate),
  };
}

function checkRows(split: AnySplit, layers: readonly Layer[]): void {
  const { inputSize } = layers[0];
  checkOnce(split, layers[layers.length - 1].outputSize);
  if (split.images.width !== inputSize) {
    throw new ShapeError({
      en: `openTraining: the first layer must take rows of ${split.images.width}, got one for ${inputSize}. Give it as many inputs.`,
      ja: `openTraining: 最初の層の入力は1行の値の数 ${split.images.width} と同じでなければなりません(${inputSize} でした)。入力の数を合わせてください。`,
    });
  }
}
