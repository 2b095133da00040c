import type { Watch } from "../../core/snapshot.ts";
import type { Dtype } from "../../core/tensor.ts";
import type { RowsNeeded } from "../../data/dataset.ts";
import type { KernelName } from "../../kernels/kernels.ts";
import type { PaceState } from "../../runs/pace.ts";
import type { FromHost, Order, PlanAsked, Steering } from "../../runs/protocol.ts";

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
  /** Answered by `planned` or `unplanned`. */
  | (PlanAsked & { readonly kind: "plan" })
  | (Order & { readonly kind: "start" })
  /** Rows to be there before a task asks for them. */
  | { readonly kind: "rows"; readonly needed: RowsNeeded }
  | Steering
  /** Takes the place of the port in the setup, whose other end is gone; null: there is none yet. */
  | { readonly kind: "data"; readonly port: MessagePort | null };

/** From a worker: `locked` once, when it holds its lock. */
export type FromWorker = FromHost | { readonly kind: "locked" };
