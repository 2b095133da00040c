import type { TaskEvent } from "../core/record.ts";
import type { Watch } from "../core/snapshot.ts";
import type { Dtype } from "../core/tensor.ts";
import type { Task } from "../experiments/experiment.ts";
import type { PaceState } from "../experiments/worker-pace.ts";
import type { KernelName } from "../kernels/kernels.ts";
import type { Told } from "./told-error.ts";

/** What a worker is started with: the first message to it. */
export interface WorkerSetup {
  readonly kind: "setup";
  readonly kernels: KernelName;
  readonly dtype: Dtype;
  readonly pace: PaceState;
  readonly watch: Watch | null;
  /** To the worker that loads data sets (data-protocol.ts). */
  readonly data: MessagePort;
  /** Held by the worker as long as it lives, so that its death is noticed: no event tells of it. */
  readonly lock: string;
}

/** To a worker. */
export type ToWorker =
  | WorkerSetup
  | { readonly kind: "start"; readonly experiment: string; readonly task: Task }
  /** Ends the running task early. */
  | { readonly kind: "stop" }
  | { readonly kind: "pace"; readonly pace: PaceState }
  | { readonly kind: "step"; readonly iterations: number }
  | { readonly kind: "watch"; readonly watch: Watch | null }
  /** Takes the place of the port in the setup, whose other end is gone; null: there is none yet. */
  | { readonly kind: "data"; readonly port: MessagePort | null };

/** From a worker: `locked` once, when it holds its lock; then a task's events in order, then how it ended. */
export type FromWorker =
  | { readonly kind: "locked" }
  | { readonly kind: "event"; readonly event: TaskEvent }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly text: Told; readonly stack: string };
