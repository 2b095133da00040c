import type { Recorded, RunEvent, RunRecord } from "../../core/record.ts";
import type { Told } from "../../core/text.ts";

/** How a run ended. `interrupted`: stopped by a person, or its process died; what it recorded until then is kept. */
export type RunEnd = "done" | "failed" | "interrupted";
export type RunStatus = "running" | RunEnd;

export const runStatusWords: Readonly<Record<RunStatus, Told>> = {
  running: { en: "running", ja: "実行中" },
  done: { en: "done", ja: "完了" },
  failed: { en: "failed", ja: "失敗" },
  interrupted: { en: "interrupted", ja: "中断" },
};

/** Who executes a run: the command line; the studio's server, which resumes its own after a crash; a page served by it. */
export type RunOrigin = "cli" | "server" | "page";

/** What is known of a run when it starts. */
export type RunInfo = Pick<
  RunRecord,
  "tanren" | "experiment" | "preset" | "seed" | "settings" | "engine" | "startedAt"
> & {
  /** `cli` when absent. */
  readonly origin?: RunOrigin;
};

/** What of a record was known when its run started, and nothing else it holds. */
export function infoOf(run: RunInfo): Omit<RunInfo, "origin"> {
  const { tanren, experiment, preset, seed, settings, engine, startedAt } = run;
  return { tanren, experiment, preset, seed, settings, engine, startedAt };
}

/** What a person adds to a run. */
export interface RunMarks {
  /** A name of the person's own; null until given. */
  readonly label: string | null;
  /** Kept at the top, and not deleted with others. */
  readonly pinned: boolean;
}

/**
 * A run as the store gives it back. Until `finish`, `seconds` is the time from its start to the last event recorded.
 */
export type StoredRun = RunRecord &
  RunMarks & {
    readonly id: string;
    readonly status: RunStatus;
    readonly origin: RunOrigin;
    /** Number of the last chunk that is in this record; 0 before the first. Later ones: {@link RunStore.chunks}. */
    readonly upTo: number;
  };

/** A run without what it measured. */
export type StoredRunSummary = Omit<StoredRun, keyof Recorded | "upTo">;

/** A run whose row in the store cannot be read; it is set aside, and the others are given. */
export interface DamagedRun {
  readonly id: string;
  /** What is wrong with it, as the "got" of a sentence. */
  readonly reason: string;
}

/** The sentence for one that is set aside, without the store's place. */
export function damagedText({ id, reason }: DamagedRun) {
  return {
    en: `run: ${id} must be readable, got ${reason}. Restore a copy of the store, or delete this run; the others are not concerned.`,
    ja: `実行 ${id} の記録が壊れていて読めません(${reason})。ストアの控えを戻すか、この実行を削除してください。他の実行に影響はありません。`,
  } as const;
}

/** What one append recorded. */
export interface RunChunk {
  /** From 1, without gaps. */
  readonly number: number;
  readonly events: readonly RunEvent[];
}

/** What became different in a store after some revision. */
export interface StoreChanges {
  /** Of the last change told here; ask again from it. */
  readonly revision: number;
  /** Runs begun or changed, as they are now, in the order of their last change. */
  readonly runs: readonly StoredRunSummary[];
  /** Ids of runs that are no more. */
  readonly deleted: readonly string[];
  /** Runs begun or changed that cannot be read; absent when there are none. */
  readonly damaged?: readonly DamagedRun[];
}

export interface RunFilter {
  readonly experiment?: string;
  readonly status?: RunStatus;
  readonly origin?: RunOrigin;
  /** At most this many, the newest. */
  readonly limit?: number;
  /** Id of a run: only those listed after it. @throws DataError when there is none of this id */
  readonly before?: string;
  /** Handed what cannot be read among the runs looked at; they are not in the list. */
  readonly onDamaged?: (damaged: DamagedRun) => void;
}

/** The record as `run.json` holds it, without what only the store knows. */
export function recordOf(run: StoredRun): RunRecord {
  const { id: _id, status: _status, origin: _origin, label: _label, pinned: _pinned, upTo: _upTo, ...record } = run;
  return record;
}

/** Records one run while it goes. */
export interface RunWriter {
  readonly id: string;
  /**
   * Attempts to execute the run since anything new was recorded, when this writer was opened: a run that ends its process
   * each time shows in this number.
   */
  readonly attempts: number;
  /** Counts another attempt. @throws DataError as `append` */
  attempt(): void;
  /** Takes the last attempt back: this process ends in good order. @throws DataError as `append` */
  leave(): void;
  /**
   * Records events, all of them or none; `progress` is left out and a number that is not finite becomes null. When it
   * returns, they are kept whatever becomes of the process.
   * @throws DataError when they cannot be written, the run was deleted, has been finished or is another process's by now
   */
  append(events: readonly RunEvent[]): void;
  /** Marks the end. Nothing can be appended after it. @throws DataError as `append` */
  finish(status: RunEnd, seconds: RunRecord["seconds"]): void;
  /** Whether the store holds this end: `finish` may have kept it and its caller heard of an error. @throws DataError */
  ended(status: RunEnd): boolean;
}

/** Keeps what runs recorded. One conformance suite (test/conformance/stores.test.ts) holds for every implementation. */
export interface RunStore {
  /** `memory`: what it holds is gone when the process ends. */
  readonly kind: "sqlite" | "memory";
  /**
   * Starts recording a run under a new id, or under one it had elsewhere.
   * @throws DataError when it cannot be written, or there is a run of this id
   */
  begin(info: RunInfo, id?: string): RunWriter;
  /**
   * One run, finished or not, by its id, by the beginning of its id, or by the word `latest`.
   * What of it cannot be read is told by a note of the kind `damaged` in it.
   * @throws DataError when no run fits (the nearest is suggested), several do (they are named), or its row is damaged
   */
  get(idOrPrefix: string): StoredRun;
  /** One run without what it measured, as it is now. @param id whole @throws DataError when there is none of this id */
  summary(id: string): StoredRunSummary;
  /** The runs, newest first. */
  list(filter?: RunFilter): StoredRunSummary[];
  /**
   * A run's chunks after the one of this number, in order, at most `limit` of those that are there. Costs little when there
   * is none. In the place of chunks that are missing or cannot be read stands a note of the kind `damaged`.
   * @param id whole @throws DataError when there is no run of this id
   */
  chunks(id: string, after: number, limit: number): RunChunk[];
  /**
   * What changed after a revision, this process's and others' changes alike; of several changes of one run only the last.
   * Costs little when nothing did. A process that dies changes nothing: its runs are seen as interrupted by looking.
   * @param limit at most so many changes; ask again until none is left
   */
  changes(after: number, limit?: number): StoreChanges;
  /** The revision of the last change; 0 of an empty store. */
  revision(): number;
  /** Names or pins a run; what is left out stays. Gives the run as it is then. @throws DataError as `get` */
  annotate(idOrPrefix: string, marks: Partial<RunMarks>): StoredRunSummary;
  /** Runs of an origin whose process died before it could mark their end, oldest first. */
  abandoned(origin: RunOrigin): StoredRunSummary[];
  /**
   * Goes on recording a run whose process died; from then on it is this process's, and a writer of the dead one that
   * comes back is refused.
   * @param id whole @throws DataError when the run's process lives, the run has ended, or there is none of this id
   */
  resume(id: string): RunWriter;
  /** Forgets one run and what it recorded; takes the same as `get`. @throws DataError as `get`, or while it still runs */
  delete(idOrPrefix: string): void;
  close(): void;
}
