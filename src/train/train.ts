import { Breather } from "../core/breathe.ts";
import { checkOptions, type OptionNames, oneOf, wholeNumber } from "../core/checks.ts";
import { DivergedError } from "../core/errors.ts";
import type { LayerDiagnostic } from "../core/note.ts";
import type { RandomStream } from "../core/random.ts";
import type { FloatArray } from "../core/tensor.ts";
import type { Mode } from "../nn/layer.ts";
import type { RowMix } from "../nn/row-mix.ts";
import type { Sequential } from "../nn/sequential.ts";
import type { Updater } from "../optim/updater.ts";
import type { Accumulator } from "./accumulator.ts";
import type { Augmentation } from "./augment/batch-transform.ts";
import type { TrainingBatch, TrainingLoader } from "./batch-loader.ts";
import { type BatchOrder, drawnBatches } from "./batch-order.ts";
import { diagnose } from "./diagnostics.ts";
import type { TrainingPart } from "./parts/training-part.ts";

export interface TrainOptions {
  readonly network: Sequential;
  readonly updater: Updater;
  readonly loader: TrainingLoader;
  /** As {@link openTraining} made them; none when absent. What is accumulated never goes over the end of an epoch. */
  readonly parts?: readonly TrainingPart[];
  readonly accumulator?: Accumulator | null;
  /** Changes each minibatch before the network sees it; the loss after an update is of the changed one. */
  readonly augmentation?: Augmentation | null;
  /** Rows to choose minibatches from: 0 … rows − 1; at most those of the loader's split. */
  readonly rows: number;
  /** At least 1, at most the rows that the loader has room for. */
  readonly batchSize: number;
  /** Updates; Infinity trains until it is stopped. */
  readonly iterations: number;
  /** Chooses the minibatches, with replacement; unused where `order` says otherwise. */
  readonly stream: RandomStream;
  /** Which rows make each minibatch, and how many. */
  readonly order?: BatchOrder;
  /** The number of the first step, where training goes on; `iterations` counts from 0 all the same. */
  readonly firstStep?: number;
  /** Also computes the loss of the same batch after the update, in this mode. */
  readonly lossAfterUpdate?: Mode;
  /** `continue` goes on with NaN as the original does; `throw` ends training with a DivergedError. */
  readonly onDivergence?: "continue" | "throw";
  /** Steps after which each layer is looked at: a `diagnostic` event. */
  readonly diagnoseAt?: readonly number[];
  /** Asked before each step: whether to stop right after its update for a look at the network, an `inspect` event. */
  readonly inspectAt?: (step: number) => boolean;
  readonly signal?: AbortSignal;
}

const optionNames: OptionNames<TrainOptions> = {
  network: "...openTraining({ … })",
  updater: true,
  loader: true,
  parts: true,
  accumulator: true,
  augmentation: true,
  rows: true,
  batchSize: true,
  iterations: true,
  stream: "RandomStream.seeded(0)",
  order: true,
  firstStep: true,
  lossAfterUpdate: true,
  onDivergence: true,
  diagnoseAt: true,
  inspectAt: true,
  signal: true,
};

const augmentationNames: OptionNames<Augmentation> = { transforms: true, mixup: true, stream: true };

/** What training says as it goes. Steps count from 0. */
export type TrainEvent =
  /**
   * One update is done. Both losses are means over the minibatch (`loss` over all that made the update, `lossAfter` over the
   * last); NaN once training has diverged.
   */
  | { readonly kind: "step"; readonly step: number; readonly loss: number; readonly lossAfter: number | null }
  /** The loss is no longer finite; comes once, before its step's own event. */
  | { readonly kind: "diverged"; readonly step: number; readonly layer: string }
  /** Before the step's own event, for the steps of `diagnoseAt`. */
  | { readonly kind: "diagnostic"; readonly step: number; readonly layers: readonly LayerDiagnostic[] }
  /**
   * The network as the step's update left it, with the outputs and gradients of its minibatch; `before` holds the flat
   * parameters before the update, until the next such event.
   */
  | { readonly kind: "inspect"; readonly step: number; readonly before: FloatArray }
  | { readonly kind: "end"; readonly steps: number };

/**
 * Trains a network on random minibatches: choose, gradient, update. Not pulling pauses, `break` stops, the signal cancels
 * (training ends without an error). Every 24 ms (12 in pages) the event loop has a turn, so that timers, messages and whatever
 * aborts the signal come through, in a page as in a worker.
 * @throws HyperError on an option that is unknown or out of range, before the first step
 * @throws DivergedError when asked to by `onDivergence`
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, void, void> {
  checkOptions("train", options, optionNames);
  checkOptions("train.augmentation", options.augmentation ?? {}, augmentationNames);
  oneOf("train", "onDivergence", options.onDivergence ?? "throw", ["continue", "throw"]);
  wholeNumber("train", "firstStep", options.firstStep ?? 0, { min: 0 });
  const breather = new Breather();
  for (const event of trainingSteps(options)) {
    yield event;
    if (event.kind === "step" && breather.due) {
      await breather.breathe();
    }
  }
}

/** {@link train} for who gives the event loop its turns himself. */
export function* trainingSteps(options: TrainOptions): Generator<TrainEvent, void, void> {
  const { network, updater, loader, rows, batchSize, iterations, stream, signal } = options;
  const { parts = [], accumulator = null, augmentation, lossAfterUpdate: mode } = options;
  wholeNumber("train", "rows", rows, { min: 1, max: loader.rows });
  wholeNumber("train", "batchSize", batchSize, { min: 1, max: Math.min(loader.maxRows, network.maxRows) });
  if (iterations !== Number.POSITIVE_INFINITY) {
    wholeNumber("train", "iterations", iterations, { min: 0 });
  }
  const order = options.order ?? drawnBatches({ rows, batchSize, stream });
  const choose = (indices: Int32Array) => order.choose(indices);
  // Where the first NaN or Infinity is; the loss itself when every activation is finite.
  const brokenLayer = () => network.firstNonFinite() ?? "loss";
  let diverged = false;
  let kept: FloatArray | null = null;
  let step = options.firstStep ?? 0;
  for (; step < iterations && signal?.aborted !== true; step++) {
    let batch: TrainingBatch;
    let mix: RowMix | null = null;
    const gradient = () => {
      batch = loader.load(order.next(), choose);
      for (const transform of augmentation?.transforms ?? []) {
        transform(batch.x, augmentation!.stream);
      }
      mix = augmentation?.mixup?.mix(batch.x, augmentation.stream) ?? null;
      return network.gradient(batch.x, batch.labels, batch.weights, mix);
    };
    const loss = accumulator === null ? gradient() : accumulator.gradient(gradient, order.times?.(accumulator.count));
    for (const part of parts) {
      part.beforeUpdate?.();
    }
    let layer = Number.isFinite(loss) || diverged ? null : brokenLayer();
    const before = options.diagnoseAt?.includes(step) ? network.params.data.slice() : null;
    const inspected = options.inspectAt?.(step) === true;
    if (inspected) {
      kept ??= network.params.data.slice();
      kept.set(network.params.data);
    }
    updater.step();
    for (const part of parts) {
      part.afterUpdate?.();
    }
    if (before !== null) {
      yield { kind: "diagnostic", step, layers: diagnose(network, { before, slots: updater.slots }) };
    }
    if (inspected) {
      yield { kind: "inspect", step, before: kept! };
    }
    const { x, labels, weights } = batch!;
    const lossAfter = mode === undefined ? null : network.lossOf(x, labels, mode, weights, mix);
    if (lossAfter !== null && !Number.isFinite(lossAfter) && !diverged) {
      layer ??= brokenLayer();
    }
    if (layer !== null) {
      diverged = true;
      if (options.onDivergence === "throw") {
        throw new DivergedError(step, layer);
      }
      yield { kind: "diverged", step, layer };
    }
    yield { kind: "step", step, loss, lossAfter };
  }
  yield { kind: "end", steps: step };
}
