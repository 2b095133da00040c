import type { Watch } from "../../core/snapshot.ts";
import type { Dtype } from "../../core/tensor.ts";
import type { Backend } from "../../kernels/kernels.ts";
import type { PaceState } from "../../runs/pace.ts";
import type { Order, PlanAsked, Steering } from "../../runs/protocol.ts";
import type { SentDataset } from "./shared-datasets.ts";

/** To a thread of the pool. */
export type ToThread =
  | (Order & {
      readonly kind: "start";
      readonly backend: Backend;
      readonly dtype: Dtype;
      /** In shared memory: every thread reads the same bytes. */
      readonly datasets: readonly SentDataset[];
      readonly pace: PaceState;
      readonly watch: Watch | null;
    })
  | (PlanAsked & { readonly kind: "plan" })
  | Steering;
