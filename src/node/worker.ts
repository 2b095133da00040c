import { parentPort, workerData } from "node:worker_threads";
import { DataError } from "../core/errors.ts";
import type { Dtype } from "../core/tensor.ts";
import { experimentNamed } from "../experiments/registry.ts";
import { selectKernels } from "./kernels.ts";
import type { StartTask, WorkerMessage, WorkerSetup } from "./worker-protocol.ts";

/** A worker thread: runs one task after another with its own kernels, and tells what happens. */
const setup = workerData as WorkerSetup;
const port = parentPort!;
const kernels = selectKernels(setup);

function say(message: WorkerMessage): void {
  port.postMessage(message);
}

async function datasetNamed(name: string) {
  const found = setup.datasets.find((dataset) => dataset.name === name);
  if (found === undefined) {
    throw new DataError(
      `worker: data set ${name} must be loaded before the run, got only ${setup.datasets.map((d) => d.name)}.`,
    );
  }
  return found;
}

async function run({ experiment, task }: StartTask): Promise<void> {
  const controller = new AbortController();
  const kernelsIn = (dtype: Dtype) => selectKernels({ backend: setup.backend, dtype });
  const context = { kernels, kernelsIn, dataset: datasetNamed, signal: controller.signal };
  try {
    for await (const event of experimentNamed(experiment).execute(task, context)) {
      say({ kind: "event", event });
      if (Atomics.load(setup.stop, 0) !== 0) {
        controller.abort();
      }
    }
    say({ kind: "done" });
  } catch (error) {
    const { name, message, stack = "" } = error as Error;
    say({ kind: "failed", name, message, stack });
  }
}

port.on("message", (message: StartTask) => void run(message));
