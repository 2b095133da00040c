import { Worker } from "node:worker_threads";
import { EventQueue } from "../core/event-queue.ts";
import type { RunEvent } from "../core/record.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Task } from "../experiments/experiment.ts";
import type { RunnerOptions, TaskRunner } from "../experiments/session.ts";
import { selectKernels } from "./kernels.ts";
import type { StartTask, WorkerMessage, WorkerSetup } from "./worker-protocol.ts";

/** From source or built, the module beside this one. */
const workerModule = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);

/**
 * Runs tasks on worker threads, one at a time on each. Threads are kept between runs; one that dies takes only its own
 * task with it and is replaced.
 * @throws DataError when the backend asked for is not available
 */
export function openWorkerRunner(options: RunnerOptions, datasets: readonly Dataset[]): TaskRunner {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const setup: WorkerSetup = { backend: options.backend, dtype: options.dtype, datasets, stop };
  const idle: Worker[] = [];
  const all = new Set<Worker>();

  function start(): Worker {
    const worker = new Worker(workerModule, { workerData: setup });
    all.add(worker);
    worker.once("exit", () => {
      all.delete(worker);
    });
    return worker;
  }

  async function* run(
    experiment: string,
    tasks: readonly Task[],
    signal: AbortSignal,
  ): AsyncGenerator<RunEvent, void, void> {
    const queue = new EventQueue<RunEvent>();
    let next = 0;
    let running = 0;
    Atomics.store(stop, 0, 0);

    /** Gives a free worker the next task; the queue ends when none is left. */
    const assign = (worker: Worker | undefined) => {
      if (next >= tasks.length || signal.aborted) {
        if (worker !== undefined) {
          idle.push(worker);
        }
        if (running === 0) {
          queue.close();
        }
        return;
      }
      running++;
      perform(worker ?? start(), next++);
    };

    const perform = (worker: Worker, index: number) => {
      const task = tasks[index];
      const failed = (message: string, stack = "") => {
        const note = { kind: "failed", run: task.run, tags: task.tags, message, ...(stack === "" ? {} : { stack }) };
        queue.push({ task: index, event: { kind: "note", note } });
      };
      const onMessage = (message: WorkerMessage) => {
        if (message.kind === "event") {
          queue.push({ task: index, event: message.event });
          return;
        }
        if (message.kind === "failed") {
          failed(message.message, message.stack);
        }
        finish(worker);
      };
      let reason = "";
      const onError = (error: Error) => {
        reason = error.message;
      };
      const onExit = (code: number) => {
        failed(
          `worker: the thread of ${task.run} must live until its task ends, got exit ${code}${reason && `: ${reason}`}. Run it again.`,
        );
        finish(undefined);
      };
      const finish = (survivor: Worker | undefined) => {
        worker.off("message", onMessage).off("error", onError).off("exit", onExit);
        running--;
        assign(survivor);
      };
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
      worker.postMessage({ experiment, task } satisfies StartTask);
    };

    const onAbort = () => Atomics.store(stop, 0, 1);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      for (let i = 0; i < Math.max(1, Math.min(options.workers, tasks.length)); i++) {
        assign(idle.pop());
      }
      yield* queue;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  return {
    kernels: selectKernels(options).name,
    dtype: options.dtype,
    workers: options.workers,
    run,
    async close() {
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}
