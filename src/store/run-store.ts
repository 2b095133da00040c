import type { Recorded, RunEvent, RunRecord } from "../core/record.ts";

/** How a run ended. `interrupted`: stopped by a person, or its process died; what it recorded until then is kept. */
export type RunEnd = "done" | "failed" | "interrupted";
export type RunStatus = "running" | RunEnd;

/** What is known of a run when it starts. */
export type RunInfo = Pick<
  RunRecord,
  "tanren" | "experiment" | "preset" | "seed" | "settings" | "engine" | "startedAt"
>;

/**
 * A run as the store gives it back. Until `finish`, `seconds` is the time from its start to the last event recorded.
 */
export type StoredRun = RunRecord & { readonly id: string; readonly status: RunStatus };

/** A run without what it measured. */
export type StoredRunSummary = Omit<StoredRun, keyof Recorded>;

export interface RunFilter {
  readonly experiment?: string;
  readonly status?: RunStatus;
  /** At most this many, the newest. */
  readonly limit?: number;
}

/** Records one run while it goes. */
export interface RunWriter {
  readonly id: string;
  /**
   * Records events, all of them or none; `progress` is left out and a number that is not finite becomes null. When it
   * returns, they are kept whatever becomes of the process.
   * @throws DataError when they cannot be written, the run was deleted or has been finished
   */
  append(events: readonly RunEvent[]): void;
  /** Marks the end. Nothing can be appended after it. @throws DataError as `append` */
  finish(status: RunEnd, seconds: RunRecord["seconds"]): void;
}

/** Keeps what runs recorded. One conformance suite (test/conformance/stores.test.ts) holds for every implementation. */
export interface RunStore {
  /** Starts recording a run under a new id. @throws DataError when it cannot be written */
  begin(info: RunInfo): RunWriter;
  /**
   * One run, finished or not, by its id, by the beginning of its id, or by the word `latest`.
   * @throws DataError when no run fits (the nearest is suggested) or several do (they are named)
   */
  get(idOrPrefix: string): StoredRun;
  /** The runs, newest first. */
  list(filter?: RunFilter): StoredRunSummary[];
  /** Forgets one run and what it recorded; takes the same as `get`. @throws DataError as `get`, or while it still runs */
  delete(idOrPrefix: string): void;
  close(): void;
}
