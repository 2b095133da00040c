import { DataError } from "../../core/errors.ts";
import { Recorder } from "../../core/record.ts";
import { decodeChunk, encodeChunk } from "./chunk.ts";
import { chooseRun, makeRunId } from "./run-id.ts";
import type {
  RunChunk,
  RunFilter,
  RunInfo,
  RunMarks,
  RunOrigin,
  RunStatus,
  RunStore,
  RunWriter,
  StoreChanges,
  StoredRun,
  StoredRunSummary,
} from "./run-store.ts";

interface Kept {
  readonly id: string;
  readonly info: RunInfo;
  readonly chunks: string[];
  status: RunStatus;
  seconds: StoredRun["seconds"];
  marks: RunMarks;
}

export interface MemoryStoreOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A number in [0, 1), for ids. */
  readonly random: () => number;
}

/** A store that lives as long as the process: for tests, and for where nothing may be written. */
export function openMemoryStore(options: MemoryStoreOptions): RunStore {
  return new MemoryStore(options);
}

class MemoryStore implements RunStore {
  readonly kind = "memory";
  private readonly runs = new Map<string, Kept>();
  /** Ids in the order of their last change, deleted ones too, each with its revision. */
  private readonly revisions = new Map<string, number>();
  private last = 0;
  private readonly options: MemoryStoreOptions;

  constructor(options: MemoryStoreOptions) {
    this.options = options;
  }

  begin(info: RunInfo, given?: string): RunWriter {
    if (given !== undefined && this.runs.has(given)) {
      throw alreadyThere(given);
    }
    let id = given ?? makeRunId(info.startedAt, this.options.random);
    while (this.runs.has(id)) {
      id = makeRunId(info.startedAt, this.options.random);
    }
    const run: Kept = {
      id,
      info: structuredClone(info),
      chunks: [],
      status: "running",
      seconds: { total: 0, train: 0 },
      marks: { label: null, pinned: false },
    };
    this.runs.set(id, run);
    this.changed(id);
    return {
      id,
      attempts: 0,
      // Nobody takes a run of this store over: there is nothing to count.
      attempt: () => this.mustRun(id),
      leave: () => this.mustRun(id),
      append: (events) => {
        this.mustRun(id);
        const chunk = encodeChunk(events);
        if (chunk !== null) {
          run.chunks.push(chunk);
        }
        const elapsed = Math.max(0, (this.options.now() - Date.parse(info.startedAt)) / 1000);
        run.seconds = { total: elapsed, train: elapsed };
        this.changed(id);
      },
      finish: (status, seconds) => {
        this.mustRun(id);
        run.status = status;
        run.seconds = { ...seconds };
        this.changed(id);
      },
      ended: (status) => this.runs.get(id)?.status === status,
    };
  }

  get(idOrPrefix: string): StoredRun {
    const run = this.find(idOrPrefix);
    const recorder = new Recorder();
    for (const chunk of run.chunks) {
      for (const event of decodeChunk(chunk)) {
        recorder.add(event);
      }
    }
    return { ...summarize(run), upTo: run.chunks.length, ...recorder.recorded() };
  }

  summary(id: string): StoredRunSummary {
    return summarize(this.whole(id));
  }

  list({ experiment, status, origin, limit, before }: RunFilter = {}): StoredRunSummary[] {
    const runs = this.newestFirst();
    const from = before === undefined ? 0 : runs.indexOf(this.whole(before)) + 1;
    return runs
      .slice(from)
      .map(summarize)
      .filter((run) => experiment === undefined || run.experiment === experiment)
      .filter((run) => status === undefined || run.status === status)
      .filter((run) => origin === undefined || run.origin === origin)
      .slice(0, limit);
  }

  chunks(id: string, after: number, limit: number): RunChunk[] {
    return this.whole(id)
      .chunks.slice(after, after + limit)
      .map((chunk, i) => ({ number: after + i + 1, events: decodeChunk(chunk) }));
  }

  changes(after: number, limit = 1000): StoreChanges {
    const fresh = [...this.revisions].filter(([, revision]) => revision > after).slice(0, limit);
    const runs = fresh.flatMap(([id]) => this.runs.get(id) ?? []);
    return {
      revision: fresh.at(-1)?.[1] ?? after,
      runs: runs.map(summarize),
      deleted: fresh.map(([id]) => id).filter((id) => !this.runs.has(id)),
    };
  }

  revision(): number {
    return this.last;
  }

  annotate(idOrPrefix: string, marks: Partial<RunMarks>): StoredRunSummary {
    const run = this.find(idOrPrefix);
    const { label = run.marks.label, pinned = run.marks.pinned } = marks;
    run.marks = { label, pinned };
    this.changed(run.id);
    return summarize(run);
  }

  /** None: what this store holds is gone with its process. */
  abandoned(_origin: RunOrigin): StoredRunSummary[] {
    return [];
  }

  resume(id: string): RunWriter {
    throw noRunToResume(id, this.whole(id).status);
  }

  delete(idOrPrefix: string): void {
    const run = this.find(idOrPrefix);
    if (run.status === "running") {
      throw stillRunning(run.id);
    }
    this.runs.delete(run.id);
    this.changed(run.id);
  }

  close(): void {}

  private find(idOrPrefix: string): Kept {
    const id = chooseRun(
      idOrPrefix,
      this.newestFirst().map((run) => run.id),
    );
    return this.runs.get(id) as Kept;
  }

  private whole(id: string): Kept {
    const run = this.runs.get(id);
    if (run === undefined) {
      throw noSuchRun(id);
    }
    return run;
  }

  private changed(id: string): void {
    this.revisions.delete(id);
    this.revisions.set(id, ++this.last);
  }

  private newestFirst(): Kept[] {
    // The sort is stable, so of equal times the one begun last comes first.
    return [...this.runs.values()]
      .reverse()
      .sort((a, b) => Date.parse(b.info.startedAt) - Date.parse(a.info.startedAt));
  }

  private mustRun(id: string): void {
    const run = this.runs.get(id);
    if (run?.status !== "running") {
      throw notRecording(id, run?.status);
    }
  }
}

function summarize({ id, info, status, seconds, marks }: Kept): StoredRunSummary {
  return { origin: "cli", ...structuredClone(info), id, status, seconds: { ...seconds }, ...marks };
}

/** @param id whole, as programs ask for it */
export function noSuchRun(id: string): DataError {
  return new DataError({
    en: `run: must be a recorded run, got ${id}, which is not there. It may have been deleted.`,
    ja: `run: ${id} という実行記録はありません。削除された可能性があります。`,
  });
}

export function alreadyThere(id: string): DataError {
  return new DataError({
    en: `run: must have an id of its own, got ${id}, which is there already. Delete that one first.`,
    ja: `run: ${id} という ID の実行記録がすでにあります。先にそれを削除してください。`,
  });
}

export function noRunToResume(id: string, status: RunStatus): DataError {
  return new DataError({
    en: `run: must have lost its process to be resumed, got ${id}, which is ${status}. Begin a new run with the same settings.`,
    ja: `run: 再開できるのは中断した実行だけです(${id} の状態: ${status})。同じ設定で新しく実行してください。`,
  });
}

export function stillRunning(id: string): DataError {
  return new DataError({
    en: `run: must have ended to be deleted, got ${id}, which still runs. Stop it first.`,
    ja: `run: ${id} は実行中のため削除できません。先に止めてください。`,
  });
}

export function notRecording(id: string, status: string | undefined): DataError {
  return new DataError({
    en: `run store: events need a run that is recording, got ${id}, which ${status === undefined ? "was deleted" : `is ${status}`}. Begin a new run.`,
    ja: `run store: イベントを書けるのは記録中の実行だけです(${id} は${status === undefined ? "削除されました" : `現在 ${status} です`})。新しく実行してください。`,
  });
}
