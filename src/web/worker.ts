import { breathe } from "../core/breathe.ts";
import { DataError } from "../core/errors.ts";
import type { Dtype } from "../core/tensor.ts";
import type { Task, TaskContext } from "../experiments/experiment.ts";
import { experimentNamed } from "../experiments/registry.ts";
import { WorkerPace } from "../experiments/worker-pace.ts";
import { noNative, selectKernels } from "../kernels/select.ts";
import { RemoteDataset } from "./remote-dataset.ts";
import { tellable } from "./told-error.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./worker-protocol.ts";

/** A Web Worker: runs one task after another with its own kernels, and tells what happens. */
const page = self as unknown as Worker;
const pace = new WorkerPace({ now: () => performance.now(), breathe });
const everyRow = { train: Number.POSITIVE_INFINITY, test: Number.POSITIVE_INFINITY };
let setup: WorkerSetup;
let watch: WorkerSetup["watch"] = null;
let mnist: RemoteDataset;
let running: AbortController | null = null;

function say(message: FromWorker): void {
  page.postMessage(message);
}

function kernelsIn(dtype: Dtype) {
  return selectKernels({
    backend: setup.kernels as "wasm-simd" | "wasm-relaxed" | "reference",
    dtype,
    native: noNative,
  });
}

async function run(experiment: string, task: Task): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const context: TaskContext = {
    kernels: kernelsIn(setup.dtype),
    kernelsIn,
    async dataset(name, needed = everyRow) {
      if (name !== "mnist") {
        throw new DataError(`data: must be a data set of the page, got "${name}". It has mnist.`);
      }
      const dataset = await mnist.rows(needed, signal);
      if (mnist.origin !== null) {
        say({ kind: "event", event: { kind: "data", data: [mnist.origin] } });
      }
      return dataset;
    },
    signal,
    pace,
    watch: () => watch,
    now: () => performance.now(),
  };
  running = controller;
  try {
    await pace.begin();
    for await (const event of experimentNamed(experiment).execute(task, context)) {
      say({ kind: "event", event });
      if (event.kind === "points" || event.kind === "histogram" || event.kind === "check") {
        await pace.afterEvent();
      }
      if (signal.aborted) {
        break;
      }
    }
    say({ kind: "done" });
  } catch (error) {
    if (signal.aborted) {
      say({ kind: "done" });
    } else {
      say({ kind: "failed", text: tellable(error), stack: (error as Error).stack ?? "" });
    }
  } finally {
    running = null;
  }
}

page.onmessage = ({ data: message }: MessageEvent<ToWorker>) => {
  switch (message.kind) {
    case "setup":
      setup = message;
      watch = message.watch;
      pace.set(message.pace);
      mnist = new RemoteDataset("mnist", message.data);
      // Held until this worker is gone.
      void navigator.locks?.request(message.lock, () => {
        say({ kind: "locked" });
        return new Promise(() => {});
      });
      break;
    case "start":
      void run(message.experiment, message.task);
      break;
    case "stop":
      running?.abort();
      pace.stop();
      break;
    case "pace":
      pace.set(message.pace);
      break;
    case "step":
      pace.step(message.iterations);
      break;
    case "watch":
      watch = message.watch;
      break;
    case "data":
      mnist.replace(message.port);
  }
};
