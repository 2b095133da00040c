import { type RandomState, RandomStream } from "../core/random.ts";
import type { TaskEvent } from "../core/record.ts";
import { type WeightInitName, weightInitNamed } from "../init/weights.ts";
import type { Mode } from "../nn/layer.ts";
import type { MlpSpec } from "../nn/mlp.ts";
import type { Task, TaskContext } from "../runs/experiment.ts";

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

/**
 * Trains the task's network. What trains is loaded where a task is run: a page only plans, and draws what comes.
 */
export async function* runMinibatches(
  task: MinibatchTask,
  context: TaskContext,
): AsyncGenerator<TaskEvent, void, void> {
  const { trainMinibatches } = await import("./minibatch-run.ts");
  yield* trainMinibatches(task, context);
}

/** Takes a network's initial weights from the stream, and where it stood before. */
export function skipWeights(stream: RandomStream, weights: number, init: WeightInitName): RandomState {
  const at = stream.saved();
  if (weightInitNamed(init).draws === "normal") {
    stream.skipNormals(weights);
  } else {
    stream.skipDoubles(weights);
  }
  return at;
}

/** Takes the minibatches of a run from the stream, and where it stood before. */
export function skipBatches(
  stream: RandomStream,
  run: { rows: number; batchSize: number; iterations: number },
): RandomState {
  const at = stream.saved();
  const indices = new Int32Array(run.batchSize);
  for (let i = 0; i < run.iterations; i++) {
    stream.choice(run.rows, indices);
  }
  return at;
}

/** Positions in the stream for networks drawn one after the other, and for the minibatches that follow, in that order. */
export function streamPositions(
  seed: number,
  networks: readonly { readonly weights: number; readonly init: WeightInitName }[],
): { weights: RandomState[]; batches: RandomState } {
  const stream = RandomStream.seeded(seed);
  const weights = networks.map((network) => skipWeights(stream, network.weights, network.init));
  return { weights, batches: stream.saved() };
}
