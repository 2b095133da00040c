import type { RandomState } from "../core/random.ts";
import type { WeightInitName } from "../init/weights.ts";
import type { Mode } from "../nn/layer.ts";
import type { MlpSpec } from "../nn/mlp.ts";
import type { Task } from "../runs/experiment.ts";

/** Which rows accuracy is measured on. */
export type AccuracySet = "train" | "test" | "validation";

/** One network trained on random minibatches. */
export interface MinibatchTask extends Task {
  readonly network: MlpSpec;
  readonly weightInit: WeightInitName;
  readonly weightDecay: number;
  readonly optimizer: string;
  /** The update rule's text, when it was typed. */
  readonly rule?: string;
  readonly hyper: Readonly<Record<string, number>>;
  /** The first so many rows, or the rows of the given numbers. */
  readonly trainRows: number | Int32Array;
  /** Rows of the training files held back, for accuracy `validation`. */
  readonly validationRows?: Int32Array;
  readonly batchSize: number;
  readonly iterations: number;
  /** Records `loss`, of each batch after its update, in this mode. */
  readonly loss?: Mode;
  /** Records accuracies after iterations 0, every, 2·every, … */
  readonly accuracy?: { readonly every: number; readonly sets: readonly AccuracySet[]; readonly last?: boolean };
  /** The techniques of training asked for, by their settings' names; none when absent. */
  readonly techniques?: Readonly<Record<string, unknown>>;
  /** Bends the rate over the run, and records `lr` of every update. */
  readonly schedule?: { readonly name: string; readonly hyper: Readonly<Record<string, unknown>> };
  /** The rate of each update instead, recorded as `lr`. */
  readonly rates?: readonly number[];
  /** Records `loss` of each batch before its update. */
  readonly lossBefore?: boolean;
  /** Records `deadShare` and `sleepingShare`, means over the hidden layers, after iterations 0, units, 2·units, … */
  readonly units?: number;
  /** Looks at every layer after the first step: an event of kind `diagnostic`. */
  readonly diagnose?: boolean;
  /** Trains a twin beside, and says where what is recorded parts: events of kind `horizon`. */
  readonly horizon?: boolean;
  /** Where the stream stands before this network's weights, and before the first minibatch. */
  readonly weightsAt: RandomState;
  readonly batchesAt: RandomState;
}
