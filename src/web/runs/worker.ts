import { breathe } from "../../core/breathe.ts";
import { DataError } from "../../core/errors.ts";
import type { TaskEvent } from "../../core/record.ts";
import type { Dtype } from "../../core/tensor.ts";
import { experimentNamed } from "../../experiments/registry.ts";
import { noNative, selectKernels } from "../../kernels/select.ts";
import { type HostContext, TaskHost } from "../../runs/task-host.ts";
import { RemoteDataset } from "../data/remote-dataset.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./worker-protocol.ts";

/** A Web Worker: runs the tasks of one order after another with its own kernels, and lets itself be steered. */
const page = self as unknown as Worker;
const host = new TaskHost({ say, now: () => performance.now(), breathe, experimentNamed });
const everyRow = { train: Number.POSITIVE_INFINITY, test: Number.POSITIVE_INFINITY };
let setup: WorkerSetup;
let mnist: RemoteDataset;

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

function contextOf(signal: AbortSignal, tell: (event: TaskEvent) => void): HostContext {
  return {
    kernels: kernelsIn(setup.dtype),
    kernelsIn,
    async dataset(name, needed = everyRow) {
      if (name !== "mnist") {
        throw new DataError({
          en: `data: must be a data set of the page, got "${name}". It has mnist.`,
          ja: `"${name}" というデータはこのページにありません。使えるのは mnist です。`,
        });
      }
      const dataset = await mnist.rows(needed, signal);
      if (mnist.origin !== null) {
        tell({ kind: "data", data: [mnist.origin] });
      }
      return dataset;
    },
    now: () => performance.now(),
  };
}

page.onmessage = ({ data: message }: MessageEvent<ToWorker>) => {
  switch (message.kind) {
    case "setup":
      setup = message;
      host.steer({ kind: "watch", watch: message.watch });
      host.steer({ kind: "pace", pace: message.pace });
      mnist = new RemoteDataset("mnist", message.data);
      // Held until this worker is gone.
      void navigator.locks?.request(message.lock, () => {
        say({ kind: "locked" });
        return new Promise(() => {});
      });
      break;
    case "plan":
      host.plan(message);
      break;
    case "start":
      void host.perform(message, contextOf);
      break;
    case "rows":
      mnist.prepare(message.needed);
      break;
    case "data":
      mnist.replace(message.port);
      break;
    default:
      host.steer(message);
  }
};
