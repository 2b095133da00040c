import { DataError } from "../../core/errors.ts";
import type { RunEvent } from "../../core/record.ts";
import { decodeChunk } from "./chunk.ts";
import type { DamagedRun, RunChunk, RunOrigin, RunStatus, StoredRunSummary } from "./run-store.ts";

/** Which process records a run. A process id alone is not enough: it is given out again. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the system's own terms; empty where the system does not tell. */
  readonly birth: string;
}

/** A run's row as SQLite holds it. */
export interface RunRow {
  sequence: number;
  id: string;
  tanren: string;
  experiment: string;
  preset: string;
  seed: number;
  settings: string;
  engine: string;
  started_at: string;
  started_ms: number;
  status: RunStatus;
  pid: number;
  host: string;
  birth: string;
  touched_ms: number;
  seconds_total: number | null;
  seconds_train: number | null;
  origin: RunOrigin;
  label: string | null;
  pinned: number;
  attempts: number;
}

/** A run of another machine counts as interrupted when nothing came from it for so long. */
const silence = 10 * 60 * 1000;

/** A row that cannot be read; the others can. */
export class DamagedRunError extends DataError {
  readonly damaged: DamagedRun;

  constructor(path: string, damaged: DamagedRun, ja: string = damaged.reason) {
    super(
      {
        en: `run store ${path}: run ${damaged.id} must be readable, got ${damaged.reason}. Restore a copy of the store, or delete this run; the others are not concerned.`,
        ja: `run store ${path}: 実行記録 ${damaged.id} を読めません(${ja})。ストアの控えを復元するか、この記録を削除してください。ほかの記録には影響ありません。`,
      },
      { cause: damaged },
    );
    this.damaged = damaged;
  }
}

/** Reads rows of a store; asks of each process once whether it lives. */
export class RunReader {
  private readonly path: string;
  private readonly now: number;
  private readonly lives: (owner: Owner) => boolean | undefined;
  private readonly alive = new Map<string, boolean | undefined>();

  /** @param now milliseconds since 1970  @param alive whether a process lives; undefined where that cannot be told */
  constructor(path: string, now: number, alive: (owner: Owner) => boolean | undefined) {
    this.path = path;
    this.now = now;
    this.lives = alive;
  }

  /** A run whose process is gone was interrupted, although nobody was left to write that down. */
  status(row: RunRow): RunStatus {
    if (row.status !== "running") {
      return row.status;
    }
    const owner = `${row.pid} ${row.host} ${row.birth}`;
    if (!this.alive.has(owner)) {
      this.alive.set(owner, this.lives(row));
    }
    return (this.alive.get(owner) ?? this.now - row.touched_ms < silence) ? "running" : "interrupted";
  }

  /** @throws DamagedRunError */
  summary(row: RunRow): StoredRunSummary {
    const elapsed = Math.max(0, (row.touched_ms - row.started_ms) / 1000);
    const engine = this.object(row, "engine");
    if (typeof engine.kernels !== "string" || typeof engine.dtype !== "string") {
      throw this.damaged(row, "an engine without kernels or dtype", "engine に kernels か dtype がありません");
    }
    if (Number.isNaN(Date.parse(row.started_at))) {
      throw this.damaged(row, "a start that is no time", "開始時刻が時刻ではありません");
    }
    return {
      id: row.id,
      status: this.status(row),
      tanren: row.tanren,
      experiment: row.experiment,
      preset: row.preset,
      seed: row.seed,
      settings: this.object(row, "settings") as StoredRunSummary["settings"],
      engine: engine as unknown as StoredRunSummary["engine"],
      startedAt: row.started_at,
      seconds: { total: row.seconds_total ?? elapsed, train: row.seconds_train ?? elapsed },
      origin: row.origin,
      label: row.label,
      pinned: row.pinned === 1,
    };
  }

  /** The summaries of those that can be read; the others are handed to `onDamaged`. */
  *summaries(rows: Iterable<RunRow>, onDamaged?: (damaged: DamagedRun) => void): Generator<StoredRunSummary> {
    for (const row of rows) {
      try {
        yield this.summary(row);
      } catch (error) {
        if (!(error instanceof DamagedRunError)) {
          throw error;
        }
        onDamaged?.(error.damaged);
      }
    }
  }

  private object(row: RunRow, column: "settings" | "engine"): Record<string, unknown> {
    let value: unknown;
    try {
      value = JSON.parse(row[column]);
    } catch {
      throw this.damaged(row, `${column} that are no JSON`, `${column} が JSON ではありません`);
    }
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
      throw this.damaged(row, `${column} that are no object`, `${column} がオブジェクトではありません`);
    }
    return value as Record<string, unknown>;
  }

  private damaged({ id }: RunRow, reason: string, ja: string): DamagedRunError {
    return new DamagedRunError(this.path, { id, reason }, ja);
  }
}

/** Chunks as they were recorded; in the place of one that is missing or cannot be read, a note that says so. */
export function* readChunks(
  rows: Iterable<{ readonly number: number; readonly events: string }>,
  { experiment, after }: { readonly experiment: string; readonly after: number },
): Generator<RunChunk> {
  let next = after + 1;
  for (const { number, events } of rows) {
    if (number > next) {
      const which = number === next + 1 ? `${next}` : `${next} to ${number - 1}`;
      yield { number: number - 1, events: [damagedNote(experiment, which, "missing")] };
    }
    yield { number, events: decodeOrTell(events, experiment, number) };
    next = number + 1;
  }
}

function decodeOrTell(text: string, experiment: string, number: number): readonly RunEvent[] {
  try {
    return decodeChunk(text);
  } catch {
    return [damagedNote(experiment, `${number}`, "damaged")];
  }
}

function damagedNote(experiment: string, which: string, how: "missing" | "damaged"): RunEvent {
  const text = {
    en: `Part ${which} of what this run recorded is ${how} in the store; the rest is shown.`,
    ja: `ストアにあるこの実行の記録のうち、${which} 番の部分が${how === "missing" ? "失われて" : "壊れて"}います。残りを表示します。`,
  };
  return {
    task: 0,
    event: { kind: "note", note: { kind: "damaged", run: experiment, tags: {}, message: text.en, text } },
  };
}
