import { checkOptions, type OptionNames, refuse, wholeNumber } from "../core/checks.ts";
import { ShapeError } from "../core/errors.ts";
import type { RandomStream } from "../core/random.ts";
import type { Tensor } from "../core/tensor.ts";
import { checkOnce } from "../data/check-split.ts";
import type { AnySplit } from "../data/dataset.ts";
import type { WeightInit, WeightInitName } from "../init/weights.ts";
import type { KernelSet, Kernels } from "../kernels/kernels.ts";
import { planned } from "../kernels/planned.ts";
import type { Layer } from "../nn/layer.ts";
import type { Loss } from "../nn/loss.ts";
import { checkChain } from "../nn/network-plan.ts";
import { Sequential } from "../nn/sequential.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { Updater } from "../optim/updater.ts";
import { Accumulator } from "./accumulator.ts";
import { BatchLoader } from "./batch-loader.ts";
import { ClipGradients } from "./parts/clip-gradients.ts";
import { Lookahead } from "./parts/lookahead.ts";
import { MaxNorm } from "./parts/max-norm.ts";
import type { TrainingPart } from "./parts/training-part.ts";
import { WeightAverage } from "./parts/weight-average.ts";
import { type Techniques, techniqueNames } from "./techniques.ts";

export interface TrainingPlan extends Techniques {
  /** Kernels to open an arena with, or those of an arena where more is planned beside ({@link planned}). */
  readonly kernels: KernelSet | Kernels;
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
}

const planNames: OptionNames<TrainingPlan> = {
  kernels: "selectKernels({ … })",
  layers: "mlp({ … })",
  optimizer: 'optimizerNamed("sgd")',
  hyper: true,
  split: "{ images, labels }",
  batchSize: true,
  maxRows: true,
  loss: true,
  weightDecay: true,
  weightInit: true,
  stream: "RandomStream.seeded(0)",
  ...techniqueNames,
};

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
 * @throws HyperError on a network of one class, an option, initialiser or hyper-parameter that is unknown or out of range
 */
export function openTraining(plan: TrainingPlan): Training {
  checkOptions("openTraining", plan, planNames);
  const { layers, split, batchSize, maxRows = batchSize } = plan;
  wholeNumber("openTraining", "batchSize", batchSize, { min: 1 });
  wholeNumber("openTraining", "maxRows", maxRows, { min: 1 });
  checkRows(split, layers);
  if ((plan.loss?.targets ?? "labels") === "labels" && layers.at(-1)!.outputSize < 2) {
    const outputs = { en: "openTraining: outputs of the last layer", ja: "openTraining: 最後の層の出力には" };
    refuse(outputs, { en: "2 or more", ja: "2以上" }, 1, {
      en: "Give it an output a class, or a loss of values.",
      ja: "クラスの数にするか、値の損失を使ってください。",
    });
  }
  return planned(plan.kernels, (kernels) => place({ ...plan, maxRows }, kernels));
}

function place(plan: TrainingPlan & { readonly maxRows: number }, kernels: Kernels): Training {
  const { layers, optimizer, hyper, split, batchSize, maxRows, weightDecay, l1, weightInit, stream } = plan;
  const { accumulate = 1, average, lookahead, clip, maxNorm, groups, decayOf } = plan;
  const network = new Sequential({
    kernels,
    layers,
    maxRows: Math.max(batchSize, maxRows),
    loss: plan.loss,
    weightDecay,
    l1,
  });
  network.initialize(weightInit, stream);
  const { params, grads, parameters } = network;
  const updater = new Updater({ optimizer, kernels, params, grads, hyper, segments: parameters, groups, decayOf });
  const vector = () => kernels.arena.floats(1, params.cols);
  const parts: TrainingPart[] = [];
  if (clip !== undefined) {
    parts.push(new ClipGradients(kernels, grads, clip));
  }
  if (maxNorm !== undefined) {
    parts.push(new MaxNorm(parameters, maxNorm));
  }
  if (lookahead !== undefined) {
    parts.push(new Lookahead(kernels, params, vector(), lookahead));
  }
  if (average !== undefined) {
    parts.push(new WeightAverage(kernels, params, vector(), average));
  }
  return {
    network,
    updater,
    loader: new BatchLoader(kernels, split, batchSize),
    parts,
    accumulator: accumulate === 1 ? null : new Accumulator(kernels, grads, vector(), accumulate),
  };
}

function checkRows(split: AnySplit, layers: readonly Layer[]): void {
  checkChain(layers);
  const { inputSize } = layers[0];
  checkOnce(split, layers.at(-1)!.outputSize);
  if (split.images.width !== inputSize) {
    throw new ShapeError({
      en: `openTraining: the first layer must take rows of ${split.images.width}, got one for ${inputSize}. Give it as many inputs.`,
      ja: `openTraining: 最初の層の入力は ${split.images.width} 個でなければなりません(${inputSize} 個でした)。`,
    });
  }
}

/**
 * Runs `evaluate` with the weights to be judged by: the mean that training keeps (`average`), or the weights that
 * the rule itself keeps for it (Schedule-Free); those trained where there is neither. They are back afterwards.
 */
export function withAverage<T>(training: Training, evaluate: () => T): T {
  const average = averageOf(training);
  if (average === null) {
    return evaluate();
  }
  const { params } = training.network;
  const trained = params.data.slice();
  params.data.set(average.data);
  try {
    return evaluate();
  } finally {
    params.data.set(trained);
  }
}

/** Those weights, [1, n]; null where the weights trained are judged themselves. */
export function averageOf({ updater, parts }: Pick<Training, "updater" | "parts">): Tensor | null {
  return parts.find((part) => part instanceof WeightAverage)?.mean ?? updater.averaged;
}
