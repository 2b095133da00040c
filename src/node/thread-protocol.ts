import type { TaskEvent } from "../core/record.ts";
import type { Watch } from "../core/snapshot.ts";
import type { Dtype } from "../core/tensor.ts";
import type { Dataset } from "../data/dataset.ts";
import type { DataShape, Settings, Task } from "../experiments/experiment.ts";
import type { PaceState } from "../experiments/worker-pace.ts";
import type { Backend } from "../kernels/kernels.ts";

/** To a thread of the pool. */
export type ToThread =
  | {
      readonly kind: "start";
      readonly experiment: string;
      readonly task: Task;
      readonly backend: Backend;
      readonly dtype: Dtype;
      /** In shared memory: every thread reads the same bytes. */
      readonly datasets: readonly Dataset[];
      readonly pace: PaceState;
      readonly watch: Watch | null;
    }
  | {
      readonly kind: "plan";
      readonly experiment: string;
      readonly settings: Settings;
      readonly seed: number;
      readonly data?: DataShape;
    }
  /** Ends the running task early. */
  | { readonly kind: "stop" }
  | { readonly kind: "pace"; readonly pace: PaceState }
  | { readonly kind: "step"; readonly iterations: number }
  | { readonly kind: "watch"; readonly watch: Watch | null };

/** From a thread: a task's events in order, then how it ended. */
export type FromThread =
  | { readonly kind: "event"; readonly event: TaskEvent }
  | { readonly kind: "done" }
  | { readonly kind: "planned"; readonly tasks: readonly Task[] }
  | { readonly kind: "failed"; readonly message: string; readonly stack: string };
