import type { TaskEvent } from "../core/record.ts";
import type { Dtype } from "../core/tensor.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Task } from "../experiments/experiment.ts";
import type { Backend } from "../kernels/kernels.ts";

/** What a worker is started with. */
export interface WorkerSetup {
  readonly backend: Backend;
  readonly dtype: Dtype;
  /** In shared memory: every worker reads the same bytes. */
  readonly datasets: readonly Dataset[];
  /** Not 0 when running tasks are to stop: [1] in shared memory. */
  readonly stop: Int32Array;
}

/** To a worker. */
export interface StartTask {
  readonly experiment: string;
  readonly task: Task;
}

/** From a worker: a task's events in order, then how it ended. */
export type WorkerMessage =
  | { readonly kind: "event"; readonly event: TaskEvent }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly name: string; readonly message: string; readonly stack: string };
