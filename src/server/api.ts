import { z } from "zod";
import type { RunEvent, RunRecord } from "../core/record.ts";
import { type Dtype, dtypes } from "../core/tensor.ts";
import { type Backend, backends, type KernelName } from "../kernels/kernels.ts";
import type { KernelStatus } from "../kernels/select.ts";
import type { RunFilter, RunOrigin, RunStatus, StoredRun, StoredRunSummary } from "../store/run-store.ts";

/**
 * What travels between a page and the studio's server, as JSON. The browser's side (`src/web/server-*.ts`) takes only the
 * types from here, so that the checking of requests is not loaded there.
 */

/** Largest body of a request, in bytes. */
export const bodyLimit = 64 * 1024;

/** A run's id as the store makes them. */
export const runIdPattern = /^\d{8}-\d{6}-[0-9a-f]{4}$/;

const hyperValue = z.union([
  z.number(),
  z.string().max(10_000),
  z.boolean(),
  z.array(z.number()).max(1000),
  z.array(z.string().max(200)).max(1000),
]);

/** `POST /api/runs`: what to run. The experiment's own settings check the values. */
export const startRequest = z.strictObject({
  experiment: z.string().max(100),
  preset: z.string().max(100).default("book"),
  /** Over the preset's; settings left out have the preset's values. */
  settings: z.record(z.string().max(100), hyperValue).default({}),
  seed: z.int().min(0).max(0xffffffff).default(0),
  dtype: z.enum(dtypes).optional(),
  backend: z.enum(backends).default("auto"),
  /** Tasks at a time; as many as the server has threads when left out. */
  workers: z.int().min(1).max(256).optional(),
});
export type StartRequest = z.input<typeof startRequest>;

/** `PATCH /api/runs/:id`: what a person adds to a run. */
export const marksRequest = z.strictObject({
  /** null takes the name away. */
  label: z.string().max(200).nullable().optional(),
  pinned: z.boolean().optional(),
});
export type MarksRequest = z.infer<typeof marksRequest>;

/** `POST /api/runs/:id/step`: so many iterations of each network, then held again. */
export const stepRequest = z.strictObject({ iterations: z.int().min(1).max(1_000_000).default(1) });
export type StepRequest = z.input<typeof stepRequest>;

/** `POST /api/runs/:id/speed`: iterations a second of each network; null is full speed. */
export const speedRequest = z.strictObject({ perSecond: z.number().min(0.01).max(100_000).nullable() });
export type SpeedRequest = z.infer<typeof speedRequest>;

const count = (low: number, high: number) => z.coerce.number().int().min(low).max(high);

/** `GET /api/runs`: newest first. */
export const listQuery = z.strictObject({
  experiment: z.string().max(100).optional(),
  status: z.enum(["running", "done", "failed", "interrupted"]).optional(),
  limit: count(1, 1000).default(100),
  /** Id of a run: only those listed after it. */
  before: z.string().regex(runIdPattern).optional(),
});
export type ListQuery = Pick<RunFilter, "experiment" | "status" | "limit" | "before">;

/** `GET /api/runs/:id/figure.svg` */
export const figureQuery = z.strictObject({
  lang: z.enum(["en", "ja"]).default("en"),
  /** The figure's id; the experiment's first when left out. */
  figure: z.string().max(100).optional(),
  width: count(320, 4000).default(860),
});

/** How far a run is that this server executes. */
export interface LiveState {
  /** `queued`: waits for a thread. */
  readonly state: "queued" | "running" | "paused" | "stopping";
  /** How many tasks it has; 0 until they are planned. */
  readonly tasks: number;
  /** Share of all its iterations that are done: a fraction. */
  readonly share: number;
}

/** A run in a list. */
export interface RunSummary extends StoredRunSummary {
  /** null when this server does not execute it: it has ended, or another process runs it. */
  readonly live: LiveState | null;
}

/** `GET /api/runs` */
export interface RunList {
  readonly runs: readonly RunSummary[];
  /** Whether older ones are left; ask again with `before`. */
  readonly more: boolean;
}

/** `GET /api/runs/:id`, and the answer to `POST` and `PATCH` without what was measured. `upTo`: see {@link StoredRun}. */
export interface RunDetail extends StoredRun {
  readonly live: LiveState | null;
}

/** `GET /api/info` */
export interface ServerInfo {
  readonly tanren: string;
  /** Worker threads that runs share. */
  readonly threads: number;
  readonly kernels: readonly KernelStatus[];
  readonly backends: readonly Backend[];
  readonly dtypes: readonly Dtype[];
  readonly datasets: readonly { readonly name: string; readonly available: boolean; readonly reason?: string }[];
  readonly experiments: readonly string[];
  /** `memory`: runs are lost when the server ends. */
  readonly store: "sqlite" | "memory";
}

/** Every answer that is not 2xx. */
export interface ErrorBody {
  readonly error: {
    /** `usage` (a value out of range), `missing`, `conflict` (not in this state), `refused`, `busy`, `fault`. */
    readonly kind: "usage" | "missing" | "conflict" | "refused" | "busy" | "fault";
    /** A sentence for the person. */
    readonly message: string;
  };
}

/**
 * `GET /api/events`: changes of the store. Of several changes of one run between two looks, the last is sent. `revision`
 * comes first (what is listed afterwards is told of if it changes) and after every group of changes; its id is what
 * `Last-Event-ID` goes on from. A change may be told twice.
 */
export type StoreEvent =
  | { readonly event: "revision"; readonly data: { readonly revision: number } }
  | { readonly event: "run"; readonly data: RunSummary }
  | { readonly event: "deleted"; readonly data: { readonly id: string } };

/**
 * `GET /api/runs/:id/events?from=N`: what a run recorded after chunk N, in order, then what it records from now on.
 * Chunks carry their number as id (from 1); `Last-Event-ID` goes on from there.
 */
export type RunStreamEvent =
  | { readonly event: "chunk"; readonly data: readonly RunEvent[] }
  /** What tasks said of their progress since the last such event, of each the last; not recorded. */
  | { readonly event: "progress"; readonly data: readonly RunEvent[] }
  /** When its state changes, and first of all. */
  | { readonly event: "state"; readonly data: RunSummary }
  /** The run has ended and all of it was sent; the connection closes. */
  | { readonly event: "end"; readonly data: RunSummary };

export type { KernelName, RunEvent, RunOrigin, RunRecord, RunStatus };
