import { parentPort } from "node:worker_threads";
import { breathe } from "../../core/breathe.ts";
import { DataError } from "../../core/errors.ts";
import type { Dtype } from "../../core/tensor.ts";
import { experimentNamed } from "../../experiments/registry.ts";
import { type HostContext, TaskHost } from "../../runs/task-host.ts";
import { selectKernels } from "../native-kernels.ts";
import { receiveDataset } from "./shared-datasets.ts";
import type { ToThread } from "./thread-protocol.ts";

/** A thread of the pool: runs the tasks of one order after another, whatever its kernels, and lets itself be steered. */
const port = parentPort!;
const host = new TaskHost({
  say: (message) => port.postMessage(message),
  now: () => performance.now(),
  breathe,
  slice: 50,
  experimentNamed,
});

function contextOf({ backend, dtype, ...order }: Extract<ToThread, { kind: "start" }>): HostContext {
  const datasets = order.datasets.map(receiveDataset);
  const kernelsIn = (wanted: Dtype) => selectKernels({ backend, dtype: wanted });
  return {
    kernels: kernelsIn(dtype),
    kernelsIn,
    dataset: async (name: string) => {
      const found = datasets.find((dataset) => dataset.name === name);
      if (found === undefined) {
        throw new DataError({
          en: `worker: data set ${name} must be loaded before the run, got none. Say so in the experiment.`,
          ja: `worker: データセット ${name} が実行の前に読み込まれていません。実験の定義で指定してください。`,
        });
      }
      return found;
    },
  };
}

port.on("message", (message: ToThread) => {
  switch (message.kind) {
    case "start":
      host.steer({ kind: "pace", pace: message.pace });
      host.steer({ kind: "watch", watch: message.watch });
      void host.perform(message, () => contextOf(message));
      break;
    case "plan":
      host.plan(message);
      break;
    default:
      host.steer(message);
  }
});
