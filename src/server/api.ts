import { z } from "zod";
import type { RunEvent, RunRecord } from "../core/record.ts";
import { type Dtype, dtypes } from "../core/tensor.ts";
import type { Told } from "../core/text.ts";
import type { SummaryJson, TrialJson } from "../core/trial-json.ts";
import { type Backend, backends, type KernelName } from "../kernels/kernels.ts";
import type { KernelStatus } from "../kernels/select.ts";
import type {
  DamagedRun,
  RunFilter,
  RunOrigin,
  RunStatus,
  StoredRun,
  StoredRunSummary,
} from "../store/runs/run-store.ts";
import type { DamagedStudy, StudyRecord, StudySummary } from "../store/studies/study-store.ts";

/**
 * What travels between a page and the studio's server, as JSON. The browser's side (`src/web/served/`) takes only the
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
  label: z
    .string()
    .max(200)
    .regex(/^\P{Cc}*$/u, "must be without control characters, such as line ends")
    .nullable()
    .optional(),
  pinned: z.boolean().optional(),
});
export type MarksRequest = z.infer<typeof marksRequest>;

/** `POST /api/runs/:id/step`: so many iterations of each network, then held again. */
export const stepRequest = z.strictObject({ iterations: z.int().min(1).max(1_000_000).default(1) });
export type StepRequest = z.input<typeof stepRequest>;

/** `POST /api/runs/:id/speed`: iterations a second of each network; null is full speed. */
export const speedRequest = z.strictObject({ perSecond: z.number().min(0.01).max(100_000).nullable() });
export type SpeedRequest = z.infer<typeof speedRequest>;

/** `POST /api/runs/:id/watch`: what to look at inside the networks; null ends it. */
export const watchRequest = z
  .strictObject({
    every: z.int().min(1).max(1_000_000_000),
    histograms: z.boolean(),
    weights: z.boolean(),
    mistakes: z.boolean(),
  })
  .nullable();
export type WatchRequest = z.infer<typeof watchRequest>;

const name = z.string().max(200);
const finite = z.number();
const tags = z.record(name, z.union([finite, name]));
const values = z.array(finite.nullable()).max(100_000);

const dataOrigin = z.strictObject({
  name,
  folder: z.string().max(4096).optional(),
  fingerprint: z.string().max(64),
  trainRows: z.int().min(0),
  testRows: z.int().min(0),
  classes: z.int().min(0),
  inputs: z.int().min(1).optional(),
});

/** An event that a page may have recorded; how much it says is bounded by the request's size. */
const recordedEvent = z.object({
  task: z.int().min(0).max(1_000_000),
  event: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("points"), run: name, tags, metric: name, x: z.array(finite), y: values }),
    z.strictObject({ kind: z.literal("note"), note: z.looseObject({ kind: name, run: name, tags }) }),
    z.strictObject({
      kind: z.literal("histogram"),
      histogram: z.looseObject({
        activation: name,
        std: finite,
        layer: finite,
        edges: z.array(finite),
        counts: z.array(finite),
        mean: finite,
        stdOfOutputs: finite,
      }),
    }),
    z.strictObject({
      kind: z.literal("check"),
      check: z.looseObject({ parameter: name, meanAbsDiff: finite, maxRelError: finite, pass: z.boolean() }),
    }),
    z.strictObject({ kind: z.literal("data"), data: z.array(dataOrigin).max(100) }),
    z.strictObject({ kind: z.literal("ended") }),
  ]),
});

/** `POST /api/recordings`: a run that the page itself executes, or has imported, to be kept in the server's store. */
export const recordingRequest = z.strictObject({
  /** The id it had elsewhere. */
  id: z.string().regex(runIdPattern).optional(),
  info: z.strictObject({
    tanren: z.string().max(40),
    experiment: z.string().regex(/^[a-z0-9-]{1,60}$/),
    preset: z.string().max(60),
    seed: z.int().min(0).max(0xffffffff),
    settings: z.record(z.string().max(100), hyperValue),
    engine: z.strictObject({ kernels: z.string().max(40), dtype: z.enum(dtypes), workers: z.int().min(0).max(10_000) }),
    startedAt: z.iso.datetime(),
  }),
});
export type RecordingRequest = z.infer<typeof recordingRequest>;

/** `POST /api/recordings/:id/events`; with no events it says only that the page lives. */
export const recordedRequest = z.strictObject({
  /** 1 for the first that has events, then counted up: one that comes twice is taken once. */
  number: z.int().min(0),
  events: z.array(recordedEvent).max(10_000),
});
export type RecordedRequest = z.input<typeof recordedRequest>;

const duration = z.number().min(0);

/** `POST /api/recordings/:id/finish` */
export const finishRequest = z.strictObject({
  status: z.enum(["done", "failed", "interrupted"]),
  seconds: z.strictObject({ total: duration, train: duration }),
});
export type FinishRequest = z.infer<typeof finishRequest>;

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
  /** Those among them that cannot be read; absent when there are none. */
  readonly damaged?: readonly DamagedRun[];
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
    /** The same in both languages. */
    readonly text: Told;
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
  /**
   * Looks inside its networks, where somebody asked for them; not recorded, and a reader that is slow misses some. Typed
   * arrays come as `{ "typed": "Uint8Array", "base64": "…" }`.
   */
  | { readonly event: "snapshots"; readonly data: readonly unknown[] }
  /** When its state changes, and first of all. */
  | { readonly event: "state"; readonly data: RunSummary }
  /** The run has ended and all of it was sent; the connection closes. */
  | { readonly event: "end"; readonly data: RunSummary };

/** `GET /api/studies`, the newest first. */
export interface StudyList {
  readonly studies: readonly (SummaryJson<StudySummary> & {
    /** Whether this server works on it because a page asked for it: then it can be stopped from a page. */
    readonly here: boolean;
  })[];
  /** Those whose rows in the store cannot be read; the others are not concerned. */
  readonly damaged?: readonly DamagedStudy[];
}

/** `GET /api/studies/:name`: a study and all its trials. Ask for its events from `revision` on. */
export interface StudyDetail {
  readonly study: StudyRecord;
  readonly revision: number;
  readonly trials: readonly TrialJson[];
}

/** `POST /api/studies/:name/resume`: so many trials more, on this machine. */
export const resumeStudyRequest = z.strictObject({ trials: z.int().min(1).max(100_000) });
export type ResumeStudyRequest = z.infer<typeof resumeStudyRequest>;

/**
 * `GET /api/studies/:name/events?from=R`: trials that changed after revision R, each as it is then, running ones with what
 * they have reported. The id is the revision; `Last-Event-ID` goes on from there.
 */
export interface StudyStreamEvent {
  readonly event: "trials";
  readonly data: Pick<StudyDetail, "revision" | "trials">;
}

export type { DamagedRun, KernelName, RunEvent, RunOrigin, RunRecord, RunStatus };
