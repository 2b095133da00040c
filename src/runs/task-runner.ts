import type { DataOrigin } from "../core/data-origin.ts";
import type { RunEvent } from "../core/record.ts";
import type { Dtype } from "../core/tensor.ts";
import type { Backend, KernelName } from "../kernels/kernels.ts";
import type { Task } from "./experiment.ts";

/** How tasks are to be run; the platform (worker_threads, Web Workers, the same thread) implements it. */
export interface TaskRunner {
  readonly kernels: KernelName;
  readonly dtype: Dtype;
  readonly workers: number;
  /** Where the data sets of these names come from that its tasks read. @throws DataError when they cannot be had */
  origins(names: readonly string[]): Promise<readonly DataOrigin[]>;
  /**
   * Runs the tasks of one experiment, as many at a time as there are workers, and yields their events as they come.
   * Ends early, without an error, when `signal` aborts. A worker that dies gives a note of kind `failed` for its task and
   * the other tasks go on.
   */
  run(experiment: string, tasks: readonly Task[], signal: AbortSignal): AsyncGenerator<RunEvent, void, void>;
  close(): Promise<void>;
}

export interface RunnerOptions {
  readonly backend: Backend;
  readonly dtype: Dtype;
  readonly workers: number;
}
