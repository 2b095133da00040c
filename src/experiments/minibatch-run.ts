import { type RandomState, RandomStream } from "../core/random.ts";
import type { TaskEvent } from "../core/record.ts";
import { firstRows } from "../data/dataset.ts";
import { type WeightInitName, weightInitNamed } from "../init/weights.ts";
import { type MlpSpec, mlp } from "../nn/mlp.ts";
import { optimizerNamed } from "../optim/registry.ts";
import { openTraining } from "../train/open-training.ts";
import { train } from "../train/train.ts";
import { divergedNote } from "./divergence.ts";
import type { Task, TaskContext } from "./experiment.ts";
import { PointBuffer } from "./point-buffer.ts";

/** How often a running task speaks, in iterations. */
const reportEvery = 20;

/** One network trained on random minibatches, with the loss of each batch recorded after its update. */
export interface MinibatchTask extends Task {
  readonly network: MlpSpec;
  readonly weightInit: WeightInitName;
  readonly weightDecay: number;
  readonly optimizer: string;
  readonly hyper: Readonly<Record<string, number>>;
  readonly trainRows: number;
  readonly batchSize: number;
  readonly iterations: number;
  /** Where the stream stands before this network's weights, and before the first minibatch. */
  readonly weightsAt: RandomState;
  readonly batchesAt: RandomState;
}

/** Trains the task's network; records `loss` once an iteration. */
export async function* runMinibatches(
  task: MinibatchTask,
  context: TaskContext,
): AsyncGenerator<TaskEvent, void, void> {
  const { run, tags, batchSize, iterations, trainRows } = task;
  const dataset = await context.dataset("mnist");
  const split = firstRows(dataset.train, trainRows);
  const training = openTraining({
    kernels: context.kernels,
    layers: mlp(task.network),
    optimizer: optimizerNamed(task.optimizer),
    hyper: task.hyper,
    split,
    batchSize,
    weightDecay: task.weightDecay,
    weightInit: task.weightInit,
    stream: RandomStream.restored(task.weightsAt),
  });
  const events = train({
    ...training,
    rows: trainRows,
    batchSize,
    iterations,
    stream: RandomStream.restored(task.batchesAt),
    lossAfterUpdate: "train",
    signal: context.signal,
  });
  const points = new PointBuffer(run, tags);
  yield { kind: "progress", run, tags, done: 0, total: iterations, loss: null };
  for await (const event of events) {
    if (event.kind === "diverged") {
      yield divergedNote(run, tags, event.step, event.layer);
    } else if (event.kind === "step") {
      points.add("loss", event.step, event.lossAfter ?? Number.NaN);
      const done = event.step + 1;
      if (done % reportEvery === 0 || done === iterations) {
        yield* points.flush();
        yield { kind: "progress", run, tags, done, total: iterations, loss: finite(event.lossAfter) };
      }
    }
  }
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** Positions in the stream for networks drawn one after the other, and for the minibatches that follow, in that order. */
export function streamPositions(
  seed: number,
  networks: readonly { readonly weights: number; readonly init: WeightInitName }[],
): { weights: RandomState[]; batches: RandomState } {
  const stream = RandomStream.seeded(seed);
  const weights = networks.map((network) => {
    const at = stream.saved();
    if (weightInitNamed(network.init).draws === "normal") {
      stream.skipNormals(network.weights);
    } else {
      stream.skipDoubles(network.weights);
    }
    return at;
  });
  return { weights, batches: stream.saved() };
}
