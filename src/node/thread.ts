import { parentPort } from "node:worker_threads";
import { breathe } from "../core/breathe.ts";
import { DataError } from "../core/errors.ts";
import type { Watch } from "../core/snapshot.ts";
import type { Dtype } from "../core/tensor.ts";
import { experimentNamed } from "../experiments/registry.ts";
import { WorkerPace } from "../experiments/worker-pace.ts";
import { selectKernels } from "./kernels.ts";
import type { FromThread, ToThread } from "./thread-protocol.ts";

/** A thread of the pool: runs one task after another, whatever its kernels, and lets itself be held and stopped. */
const port = parentPort!;
const pace = new WorkerPace({ now: () => performance.now(), breathe, slice: 50 });
let controller = new AbortController();
let watch: Watch | null = null;

function say(message: FromThread): void {
  port.postMessage(message);
}

async function perform(order: Extract<ToThread, { kind: "start" }>): Promise<void> {
  const { backend, dtype, datasets } = order;
  controller = new AbortController();
  watch = order.watch;
  pace.set(order.pace);
  const kernelsIn = (wanted: Dtype) => selectKernels({ backend, dtype: wanted });
  const context = {
    kernels: kernelsIn(dtype),
    kernelsIn,
    signal: controller.signal,
    pace,
    watch: () => watch,
    dataset: async (name: string) => {
      const found = datasets.find((dataset) => dataset.name === name);
      if (found === undefined) {
        throw new DataError(
          `worker: data set ${name} must be loaded before the run, got none. Say so in the experiment.`,
        );
      }
      return found;
    },
  };
  await pace.begin();
  if (controller.signal.aborted) {
    return;
  }
  for await (const event of experimentNamed(order.experiment).execute(order.task, context)) {
    say({ kind: "event", event });
    await pace.afterEvent();
  }
}

async function obey(order: Extract<ToThread, { kind: "start" | "plan" }>): Promise<void> {
  try {
    if (order.kind === "plan") {
      say({ kind: "planned", tasks: experimentNamed(order.experiment).plan(order.settings, order.seed, order.data) });
      return;
    }
    await perform(order);
    say({ kind: "done" });
  } catch (error) {
    const { message, stack = "" } = error as Error;
    say({ kind: "failed", message, stack });
  }
}

port.on("message", (message: ToThread) => {
  switch (message.kind) {
    case "start":
    case "plan":
      void obey(message);
      break;
    case "stop":
      controller.abort();
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
  }
});
