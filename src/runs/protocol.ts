import type { TaskEvent } from "../core/record.ts";
import type { Watch } from "../core/snapshot.ts";
import type { Told } from "../core/text.ts";
import type { DataShape, Settings, Task } from "./experiment.ts";
import type { PaceState } from "./pace.ts";

/** Some tasks of one experiment, for a thread or Web Worker that has none. */
export interface Order {
  readonly experiment: string;
  /** They take turns. */
  readonly tasks: readonly Task[];
  /** As {@link Limit.now}. */
  readonly limit: number;
}

/** A run whose tasks are wanted. */
export interface PlanAsked {
  readonly experiment: string;
  readonly settings: Settings;
  readonly seed: number;
  readonly data?: DataShape;
}

/** What steers the tasks under way. */
export type Steering =
  /** Ends them early. */
  | { readonly kind: "stop" }
  | { readonly kind: "pace"; readonly pace: PaceState }
  | { readonly kind: "step"; readonly iterations: number }
  | { readonly kind: "watch"; readonly watch: Watch | null }
  /** As {@link Limit.now}. */
  | { readonly kind: "limit"; readonly limit: number };

/** From a host; tasks are numbered as in the order. */
export type FromHost =
  /** In the order in which they came. */
  | { readonly kind: "events"; readonly events: readonly { readonly task: number; readonly event: TaskEvent }[] }
  /** A task came to its end, or was stopped: nothing more comes of it. */
  | { readonly kind: "ended"; readonly task: number }
  | { readonly kind: "failed"; readonly task: number; readonly text: Told; readonly stack: string }
  /** All have ended. */
  | { readonly kind: "done" }
  /** To {@link PlanAsked}: the tasks, or why there are none. */
  | { readonly kind: "planned"; readonly tasks: Task[] }
  | { readonly kind: "unplanned"; readonly text: Told };
