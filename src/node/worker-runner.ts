import { Worker } from "node:worker_threads";
import type { TaskEvent } from "../core/record.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Task } from "../experiments/experiment.ts";
import type { RunnerOptions, TaskRunner } from "../experiments/session.ts";
import { type TaskEnd, TaskPool, type TaskWorker } from "../experiments/task-pool.ts";
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
  const all = new Set<Worker>();

  const start = (): ThreadWorker => {
    const worker = new Worker(workerModule, { workerData: setup });
    all.add(worker);
    worker.once("exit", () => {
      all.delete(worker);
    });
    return new ThreadWorker(worker);
  };
  const pool = new TaskPool({ workers: options.workers, start });

  return {
    kernels: selectKernels(options).name,
    dtype: options.dtype,
    workers: options.workers,
    async *run(experiment, tasks, signal) {
      const onAbort = () => Atomics.store(stop, 0, 1);
      Atomics.store(stop, 0, 0);
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        yield* pool.run(experiment, tasks, signal);
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
    async close() {
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

class ThreadWorker implements TaskWorker {
  gone = false;
  private readonly worker: Worker;

  constructor(worker: Worker) {
    this.worker = worker;
    worker.once("exit", () => {
      this.gone = true;
    });
  }

  perform(experiment: string, task: Task, tell: (event: TaskEvent) => void): Promise<TaskEnd> {
    const { worker } = this;
    return new Promise((resolve) => {
      const onMessage = (message: WorkerMessage) => {
        if (message.kind === "event") {
          tell(message.event);
        } else if (message.kind === "done") {
          end({ kind: "done" });
        } else {
          end({ kind: "failed", message: message.message, stack: message.stack, lives: true });
        }
      };
      let reason = "";
      const onError = (error: Error) => {
        reason = `: ${error.message}`;
      };
      const onExit = (code: number) => {
        const message = `worker: the thread of ${task.run} must live until its task ends, got exit ${code}${reason}. Run it again.`;
        end({ kind: "failed", message, lives: false });
      };
      const end = (how: TaskEnd) => {
        worker.off("message", onMessage).off("error", onError).off("exit", onExit);
        resolve(how);
      };
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
      worker.postMessage({ experiment, task } satisfies StartTask);
    });
  }
}
