import { DataError } from "../core/errors.ts";
import { Recorder } from "../core/record.ts";
import { decodeChunk, encodeChunk } from "./chunk.ts";
import { chooseRun, makeRunId } from "./run-id.ts";
import type { RunFilter, RunInfo, RunStatus, RunStore, RunWriter, StoredRun, StoredRunSummary } from "./run-store.ts";

interface Kept {
  readonly id: string;
  readonly info: RunInfo;
  readonly chunks: string[];
  status: RunStatus;
  seconds: StoredRun["seconds"];
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
  private readonly runs = new Map<string, Kept>();
  private readonly options: MemoryStoreOptions;

  constructor(options: MemoryStoreOptions) {
    this.options = options;
  }

  begin(info: RunInfo): RunWriter {
    let id = makeRunId(info.startedAt, this.options.random);
    while (this.runs.has(id)) {
      id = makeRunId(info.startedAt, this.options.random);
    }
    const run: Kept = {
      id,
      info: structuredClone(info),
      chunks: [],
      status: "running",
      seconds: { total: 0, train: 0 },
    };
    this.runs.set(id, run);
    return {
      id,
      append: (events) => {
        this.mustRun(id);
        const chunk = encodeChunk(events);
        if (chunk !== null) {
          run.chunks.push(chunk);
        }
        const elapsed = Math.max(0, (this.options.now() - Date.parse(info.startedAt)) / 1000);
        run.seconds = { total: elapsed, train: elapsed };
      },
      finish: (status, seconds) => {
        this.mustRun(id);
        run.status = status;
        run.seconds = { ...seconds };
      },
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
    return { ...summary(run), ...recorder.recorded() };
  }

  list(filter: RunFilter = {}): StoredRunSummary[] {
    return this.newestFirst()
      .filter((run) => filter.experiment === undefined || run.info.experiment === filter.experiment)
      .filter((run) => filter.status === undefined || run.status === filter.status)
      .slice(0, filter.limit)
      .map(summary);
  }

  delete(idOrPrefix: string): void {
    const run = this.find(idOrPrefix);
    if (run.status === "running") {
      throw stillRunning(run.id);
    }
    this.runs.delete(run.id);
  }

  close(): void {}

  private find(idOrPrefix: string): Kept {
    const id = chooseRun(
      idOrPrefix,
      this.newestFirst().map((run) => run.id),
    );
    return this.runs.get(id) as Kept;
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

function summary({ id, info, status, seconds }: Kept): StoredRunSummary {
  return { ...structuredClone(info), id, status, seconds: { ...seconds } };
}

export function stillRunning(id: string): DataError {
  return new DataError(`run: must have ended to be deleted, got ${id}, which still runs. Stop it first.`);
}

export function notRecording(id: string, status: RunStatus | undefined): DataError {
  return new DataError(
    `run store: events need a run that is recording, got ${id}, which ${status === undefined ? "was deleted" : `is ${status}`}. Begin a new run.`,
  );
}
