import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { DataError } from "../core/errors.ts";
import { Recorder } from "../core/record.ts";
import { decodeChunk, encodeChunk } from "./chunk.ts";
import { absolute, makeFolder } from "./make-folder.ts";
import { alreadyThere, noRunToResume, noSuchRun, notRecording, stillRunning } from "./memory.ts";
import { lives, type Owner, thisProcess } from "./owner.ts";
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
import { explained } from "./sqlite-errors.ts";
import { openDatabase } from "./sqlite-open.ts";
import { checkStorePath, StoreFile } from "./store-file.ts";

export interface SqliteStoreOptions {
  /** The database file; it and its folder are made when missing. */
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A number in [0, 1), for ids. */
  readonly random: () => number;
  /** How long to wait for another process that is writing, in milliseconds. */
  readonly patience?: number;
  /** Refuse a file that may only be read; without it, such a file is opened for reading. */
  readonly mustWrite?: boolean;
  /** The process that records; this one unless told. */
  readonly owner?: Owner;
}

/** A run of another machine counts as interrupted when nothing came from it for so long. */
const silence = 10 * 60 * 1000;

interface Row {
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

/**
 * Opens the run store in an SQLite file. What `append` or `finish` returned from is on the disk (WAL, synchronous=FULL);
 * several processes may write at once. A file that may only be read can be read.
 * @throws DataError when it is not a run store of this schema, is damaged, locked, or cannot be opened
 */
export function openSqliteStore(options: SqliteStoreOptions): RunStore {
  const path = absolute(options.path);
  checkStorePath(path, "run store");
  try {
    makeFolder(dirname(path));
  } catch (error) {
    throw new DataError(
      `run store ${path}: its folder must be there or be creatable, got "${(error as Error).message}". Give another with --store.`,
      { cause: error },
    );
  }
  return new SqliteStore({ ...options, path });
}

class SqliteStore implements RunStore {
  readonly kind = "sqlite";
  private readonly db: DatabaseSync;
  private readonly options: SqliteStoreOptions;
  private readonly owner: Owner;
  private readonly file: StoreFile;
  private wrote = false;

  constructor(options: SqliteStoreOptions) {
    this.options = options;
    this.owner = options.owner ?? thisProcess();
    const { path, patience = 10_000, mustWrite = false } = options;
    this.db = openDatabase(path, { patience, mustWrite });
    this.file = new StoreFile(path, "run store");
  }

  begin(info: RunInfo, given?: string): RunWriter {
    const id = this.write(() => {
      if (given !== undefined && this.rowOrNone(given) !== undefined) {
        throw alreadyThere(given);
      }
      let fresh = given ?? makeRunId(info.startedAt, this.options.random);
      while (this.db.prepare("SELECT 1 FROM runs WHERE id = ?").get(fresh) !== undefined) {
        fresh = makeRunId(info.startedAt, this.options.random);
      }
      this.db
        .prepare(
          `INSERT INTO runs (id, tanren, experiment, preset, seed, settings, engine, started_at, started_ms, status,
                             pid, host, birth, touched_ms, origin)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?)`,
        )
        .run(
          fresh,
          info.tanren,
          info.experiment,
          info.preset,
          info.seed,
          JSON.stringify(info.settings),
          JSON.stringify(info.engine),
          info.startedAt,
          Date.parse(info.startedAt),
          this.owner.pid,
          this.owner.host,
          this.owner.birth,
          this.options.now(),
          info.origin ?? "cli",
        );
      return fresh;
    });
    return this.writer(id, 0);
  }

  resume(id: string): RunWriter {
    const attempts = this.write(() => {
      const row = this.row(id);
      if (row.status !== "running" || this.statusOf(row) === "running") {
        throw noRunToResume(id, this.statusOf(row));
      }
      const { pid, host, birth } = this.owner;
      this.db
        .prepare("UPDATE runs SET pid = ?, host = ?, birth = ?, touched_ms = ? WHERE sequence = ?")
        .run(pid, host, birth, this.options.now(), row.sequence);
      return row.attempts;
    });
    return this.writer(id, attempts);
  }

  private writer(id: string, attempts: number): RunWriter {
    const count = (change: 1 | -1) =>
      this.write(() => {
        const run = this.recording(id);
        this.db.prepare("UPDATE runs SET attempts = max(0, attempts + ?) WHERE sequence = ?").run(change, run);
      });
    return {
      id,
      attempts,
      attempt: () => count(1),
      leave: () => count(-1),
      append: (events) => {
        const chunk = encodeChunk(events);
        this.write(() => {
          const run = this.recording(id);
          this.db.prepare("UPDATE runs SET touched_ms = ? WHERE sequence = ?").run(this.options.now(), run);
          if (chunk !== null) {
            this.db.prepare("UPDATE runs SET attempts = 1 WHERE sequence = ? AND attempts > 1").run(run);
            this.db
              .prepare(
                `INSERT INTO chunks (run, number, events)
                 VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM chunks WHERE run = ?1), ?2)`,
              )
              .run(run, chunk);
          }
        });
      },
      finish: (status, seconds) =>
        this.write(() => {
          this.db
            .prepare(
              `UPDATE runs SET status = ?, seconds_total = ?, seconds_train = ?, touched_ms = ? WHERE sequence = ?`,
            )
            .run(status, seconds.total, seconds.train, this.options.now(), this.recording(id));
        }),
    };
  }

  get(idOrPrefix: string): StoredRun {
    return explained(this.options.path, () => {
      const row = this.find(idOrPrefix);
      const recorder = new Recorder();
      let upTo = 0;
      for (const chunk of this.chunksAfter(row, 0, -1)) {
        upTo = chunk.number;
        for (const event of chunk.events) {
          recorder.add(event);
        }
      }
      return { ...this.summarize(row), upTo, ...recorder.recorded() };
    });
  }

  summary(id: string): StoredRunSummary {
    return explained(this.options.path, () => this.summarize(this.row(id)));
  }

  list({ experiment, status, origin, limit = Number.POSITIVE_INFINITY, before }: RunFilter = {}): StoredRunSummary[] {
    return explained(this.options.path, () => {
      const last = before === undefined ? null : this.row(before);
      const rows = this.db
        .prepare(
          `SELECT * FROM runs
           WHERE (?1 IS NULL OR experiment = ?1) AND (?2 IS NULL OR origin = ?2)
             AND (?3 IS NULL OR (started_ms, sequence) < (?3, ?4))
           ORDER BY started_ms DESC, sequence DESC`,
        )
        .iterate(experiment ?? null, origin ?? null, last?.started_ms ?? null, last?.sequence ?? null);
      const found: StoredRunSummary[] = [];
      for (const row of rows as Iterable<unknown>) {
        if (found.length >= limit) {
          break;
        }
        const run = this.summarize(row as Row);
        if (status === undefined || run.status === status) {
          found.push(run);
        }
      }
      return found;
    });
  }

  chunks(id: string, after: number, limit: number): RunChunk[] {
    return explained(this.options.path, () => [...this.chunksAfter(this.row(id), after, limit)]);
  }

  private *chunksAfter(row: Row, after: number, limit: number): Generator<RunChunk> {
    const chunks = this.db
      .prepare("SELECT number, events FROM chunks WHERE run = ? AND number > ? ORDER BY number LIMIT ?")
      .iterate(row.sequence, after, limit);
    for (const { number, events } of chunks) {
      yield { number: number as number, events: this.decode(row.id, number, events as string) };
    }
  }

  changes(after: number, limit = 1000): StoreChanges {
    return explained(this.options.path, () => {
      const rows = this.db
        .prepare(
          `SELECT changes.revision, changes.id AS changed, runs.* FROM changes LEFT JOIN runs USING (id)
           WHERE changes.revision > ? ORDER BY changes.revision LIMIT ?`,
        )
        .all(after, limit) as unknown as (Omit<Row, "sequence"> & {
        revision: number;
        changed: string;
        sequence: number | null;
      })[];
      const there = rows.filter((row) => row.sequence !== null) as Row[];
      return {
        revision: rows.at(-1)?.revision ?? after,
        runs: there.map((row) => this.summarize(row)),
        deleted: rows.filter(({ sequence }) => sequence === null).map(({ changed }) => changed),
      };
    });
  }

  revision(): number {
    return explained(this.options.path, () => {
      const row = this.db.prepare("SELECT coalesce(max(revision), 0) AS last FROM changes").get();
      return row?.last as number;
    });
  }

  annotate(idOrPrefix: string, { label, pinned }: Partial<RunMarks>): StoredRunSummary {
    return this.write(() => {
      const row = this.find(idOrPrefix);
      this.db
        .prepare("UPDATE runs SET label = ?, pinned = ? WHERE sequence = ?")
        .run(label === undefined ? row.label : label, Number(pinned ?? row.pinned), row.sequence);
      return this.summarize(this.row(row.id));
    });
  }

  abandoned(origin: RunOrigin): StoredRunSummary[] {
    return explained(this.options.path, () => {
      const rows = this.db
        .prepare("SELECT * FROM runs WHERE status = 'running' AND origin = ? ORDER BY started_ms, sequence")
        .all(origin) as unknown as Row[];
      return rows.map((row) => this.summarize(row)).filter((run) => run.status === "interrupted");
    });
  }

  delete(idOrPrefix: string): void {
    this.write(() => {
      const row = this.find(idOrPrefix);
      if (this.statusOf(row) === "running") {
        throw stillRunning(row.id);
      }
      this.db.prepare("DELETE FROM runs WHERE sequence = ?").run(row.sequence);
    });
  }

  close(): void {
    if (this.db.isOpen) {
      this.db.close();
      if (this.wrote) {
        this.file.mustBeThere();
      }
    }
  }

  private find(idOrPrefix: string): Row {
    const ids = this.db.prepare("SELECT id FROM runs ORDER BY started_ms DESC, sequence DESC").all();
    const id = chooseRun(
      idOrPrefix,
      ids.map((row) => row.id as string),
    );
    return this.row(id);
  }

  /** @param id whole */
  private row(id: string): Row {
    return this.rowOrNone(id) ?? raise(noSuchRun(id));
  }

  private rowOrNone(id: string): Row | undefined {
    return this.db.prepare("SELECT * FROM runs WHERE id = ?").get(id) as Row | undefined;
  }

  /** The run's row, while this process records it. */
  private recording(id: string): number {
    const row = this.rowOrNone(id);
    if (row?.status !== "running") {
      throw notRecording(id, row?.status);
    }
    const { pid, host, birth } = this.owner;
    if (row.pid !== pid || row.host !== host || row.birth !== birth) {
      throw notRecording(id, "another process's");
    }
    return row.sequence;
  }

  /** One transaction: all of it or nothing. */
  private write<T>(action: () => T): T {
    return explained(this.options.path, () => {
      this.file.mustBeThere();
      this.db.exec("BEGIN IMMEDIATE");
      try {
        const result = action();
        this.db.exec("COMMIT");
        this.wrote = true;
        return result;
      } catch (error) {
        // After some errors (a full disk) SQLite has rolled back by itself.
        if (this.db.isTransaction) {
          this.db.exec("ROLLBACK");
        }
        throw error;
      }
    });
  }

  private decode(id: string, number: unknown, events: string) {
    try {
      return decodeChunk(events);
    } catch (error) {
      throw new DataError(
        `run store ${this.options.path}: chunk ${number} of run ${id} must be JSON, got damaged text. Restore a copy, or delete the run.`,
        { cause: error },
      );
    }
  }

  /** A run whose process is gone was interrupted, although nobody was left to write that down. */
  private statusOf(row: Row): RunStatus {
    if (row.status !== "running") {
      return row.status;
    }
    const alive = lives(row) ?? this.options.now() - row.touched_ms < silence;
    return alive ? "running" : "interrupted";
  }

  private summarize(row: Row): StoredRunSummary {
    const elapsed = Math.max(0, (row.touched_ms - row.started_ms) / 1000);
    return {
      id: row.id,
      status: this.statusOf(row),
      tanren: row.tanren,
      experiment: row.experiment,
      preset: row.preset,
      seed: row.seed,
      settings: JSON.parse(row.settings),
      engine: JSON.parse(row.engine),
      startedAt: row.started_at,
      seconds: { total: row.seconds_total ?? elapsed, train: row.seconds_train ?? elapsed },
      origin: row.origin,
      label: row.label,
      pinned: row.pinned === 1,
    };
  }
}

function raise(error: Error): never {
  throw error;
}
