import {
  among,
  between,
  byDefault,
  type Given,
  listOf,
  objectOf,
  optional,
  orNull,
  type Reader,
  textLike,
  textUpTo,
  whole,
  yesOrNo,
} from "../core/json-shape.ts";
import type { RunEvent, RunRecord } from "../core/record.ts";
import { runFacts, sentEvent, settings } from "../core/record-shape.ts";
import { type Dtype, dtypes } from "../core/tensor.ts";
import type { Told } from "../core/text.ts";
import type { SummaryJson, TrialJson } from "../core/trial-json.ts";
import { type Backend, backends, type KernelName } from "../kernels/kernels.ts";
import type { KernelStatus } from "../kernels/select.ts";
import type { DamagedRun, RunOrigin, RunStatus, StoredRun, StoredRunSummary } from "../store/runs/run-store.ts";
import type { DamagedStudy, StudyRecord, StudySummary } from "../store/studies/study-store.ts";

/**
 * What travels between a page and the studio's server, as JSON. The browser's side (`src/web/served/`) takes only the
 * types from here, so that the checking of requests is not loaded there.
 */

/** Largest body of a request, in bytes. */
export const bodyLimit = 64 * 1024;

/** A run's id as the store makes them. */
export const runIdPattern = /^\d{8}-\d{6}-[0-9a-f]{4}$/;

/** An id as {@link runIdPattern} says it. */
const runId = textLike(runIdPattern, {
  en: "a run's id like 20261123-180000-1a2b",
  ja: "20261123-180000-1a2b のような実行の ID",
});

/** `POST /api/runs`: what to run. The experiment's own settings check the values. */
export const startRequest = objectOf({
  experiment: textUpTo(100),
  preset: byDefault(textUpTo(100), "book"),
  /** Over the preset's; settings left out have the preset's values. */
  settings: byDefault(settings, {}),
  seed: byDefault(whole(0, 0xffffffff), 0),
  dtype: optional(among(dtypes)),
  backend: byDefault(among(backends), "auto"),
  /** Tasks at a time; as many as the server has threads when left out. */
  workers: optional(whole(1, 256)),
});
export type StartRequest = Pick<Given<typeof startRequest>, "experiment"> & Partial<Given<typeof startRequest>>;

/** `PATCH /api/runs/:id`: what a person adds to a run. */
export const marksRequest = objectOf({
  /** null takes the name away. */
  label: optional(
    orNull(
      textLike(/^\P{Cc}{0,200}$/u, {
        en: "text of at most 200 characters without control characters, such as line ends",
        ja: "改行などの制御文字を含まない 200 文字までの文字列",
      }),
    ),
  ),
  pinned: optional(yesOrNo),
});

/** `POST /api/runs/:id/step`: so many iterations of each network, then held again. */
export const stepRequest = objectOf({ iterations: byDefault(whole(1, 1_000_000), 1) });

/** `POST /api/runs/:id/speed`: iterations a second of each network; null is full speed. */
export const speedRequest = objectOf({ perSecond: orNull(between(0.01, 100_000)) });

/** `POST /api/runs/:id/watch`: what to look at inside the networks; null ends it. */
export const watchRequest = orNull(
  objectOf({ every: whole(1, 1_000_000_000), histograms: yesOrNo, weights: yesOrNo, mistakes: yesOrNo }),
);
export type WatchRequest = Given<typeof watchRequest>;

/** `POST /api/recordings`: a run that the page itself executes, or has imported, to be kept in the server's store. */
export const recordingRequest = objectOf({
  /** The id it had elsewhere. */
  id: optional(runId),
  info: objectOf(runFacts),
});
export type RecordingRequest = Given<typeof recordingRequest>;

/**
 * `POST /api/recordings/:id/events`; with no events it says only that the page lives. How much they say is bounded by the
 * request's size.
 */
export const recordedRequest = objectOf({
  /** 1 for the first that has events, then counted up: one that comes twice is taken once. */
  number: whole(0),
  events: listOf(objectOf({ task: whole(0, 1_000_000), event: sentEvent }), 10_000),
});
export type RecordedRequest = Given<typeof recordedRequest>;

const duration = between(0, Number.MAX_VALUE);

/** `POST /api/recordings/:id/finish` */
export const finishRequest = objectOf({
  status: among(["done", "failed", "interrupted"]),
  seconds: objectOf({ total: duration, train: duration }),
});

/** A whole number as an address has it. */
const count =
  (low: number, high: number): Reader<number> =>
  (value, at) =>
    whole(low, high)(typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value, at);

/** `GET /api/runs`: newest first. */
export const listQuery = objectOf({
  experiment: optional(textUpTo(100)),
  status: optional(among(["running", "done", "failed", "interrupted"])),
  limit: byDefault(count(1, 1000), 100),
  /** Id of a run: only those listed after it. */
  before: optional(runId),
});

/** `GET /api/runs/:id/figure.svg` */
export const figureQuery = objectOf({
  lang: byDefault(among(["en", "ja"]), "en"),
  /** The figure's id; the experiment's first when left out. */
  figure: optional(textUpTo(100)),
  width: byDefault(count(320, 4000), 860),
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
export const resumeStudyRequest = objectOf({ trials: whole(1, 100_000) });
export type ResumeStudyRequest = Given<typeof resumeStudyRequest>;

/**
 * `GET /api/studies/:name/events?from=R`: trials that changed after revision R, each as it is then, running ones with what
 * they have reported. The id is the revision; `Last-Event-ID` goes on from there.
 */
export interface StudyStreamEvent {
  readonly event: "trials";
  readonly data: Pick<StudyDetail, "revision" | "trials">;
}

export type { DamagedRun, KernelName, RunEvent, RunOrigin, RunRecord, RunStatus };
