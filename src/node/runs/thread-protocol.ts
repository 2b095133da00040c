import type { Watch } from "../../core/snapshot.ts";
import type { Dtype } from "../../core/tensor.ts";
import type { Told } from "../../core/text.ts";
import type { Backend } from "../../kernels/kernels.ts";
import type { DataShape, Settings, Task } from "../../runs/experiment.ts";
import type { PaceState } from "../../runs/pace.ts";
import type { FromHost, Order, Steering } from "../../runs/protocol.ts";
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
  | {
      readonly kind: "plan";
      readonly experiment: string;
      readonly settings: Settings;
      readonly seed: number;
      readonly data?: DataShape;
    }
  | Steering;

/** From a thread. */
export type FromThread =
  | FromHost
  | { readonly kind: "planned"; readonly tasks: readonly Task[] }
  | { readonly kind: "unplanned"; readonly text: Told };
