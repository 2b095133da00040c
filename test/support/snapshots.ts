import { RandomStream } from "../../src/core/random.ts";
import type { Snapshot, Watch } from "../../src/core/snapshot.ts";
import { skipWeights } from "../../src/experiments/minibatch-plan.ts";
import { trainMinibatches } from "../../src/experiments/minibatch-run.ts";
import type { MinibatchTask } from "../../src/experiments/minibatch-task.ts";
import { type MlpSpec, weightCount } from "../../src/nn/mlp.ts";
import { selectKernels } from "../../src/node/native-kernels.ts";
import { mnist } from "./mnist.ts";

/** Looks inside a small network that learns MNIST. */
export async function mnistSnapshots(
  run: string,
  wanted: { optimizer?: string; iterations?: number; every?: number; network?: Partial<MlpSpec> } = {},
): Promise<Snapshot[]> {
  const { optimizer = "adam", iterations = 60, every = 5, network = {} } = wanted;
  const spec: MlpSpec = { inputSize: 784, hiddenSizes: [40, 30, 20], classes: 10, ...network };
  const stream = RandomStream.seeded(0);
  const weightsAt = skipWeights(stream, weightCount(spec), "he");
  const task: MinibatchTask = {
    run,
    tags: {},
    network: spec,
    weightInit: "he",
    weightDecay: 0,
    optimizer,
    hyper: {},
    trainRows: 2000,
    batchSize: 64,
    iterations,
    weightsAt,
    batchesAt: stream.saved(),
  };
  const kernels = selectKernels({ backend: "wasm-simd", dtype: "float32" });
  const watch: Watch = { every, histograms: true, weights: true, mistakes: true };
  const context = {
    kernels,
    kernelsIn: () => kernels,
    dataset: mnist,
    signal: new AbortController().signal,
    watch: () => watch,
  };
  const snapshots: Snapshot[] = [];
  for await (const event of trainMinibatches(task, context)) {
    if (event.kind === "snapshot") {
      snapshots.push(event.snapshot);
    }
  }
  return snapshots;
}
