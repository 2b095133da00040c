import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { DataError } from "../core/errors.ts";
import { Recorder } from "../core/record.ts";
import { decodeChunk, encodeChunk } from "./chunk.ts";
import { notRecording, stillRunning } from "./memory.ts";
import { lives, type Owner, thisProcess } from "./owner.ts";
import { chooseRun, makeRunId } from "./run-id.ts";
import type { RunFilter, RunInfo, RunStatus, RunStore, RunWriter, StoredRun, StoredRunSummary } from "./run-store.ts";
import { explained, explainSqlite } from "./sqlite-errors.ts";
import { migrate } from "./sqlite-schema.ts";

export interface SqliteStoreOptions {
  /** The database file; it and its folder are made when missing. */
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A number in [0, 1), for ids. */
  readonly random: () => number;
  /** How long to wait for another process that is writing, in milliseconds. */
  readonly patience?: number;
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
}

/**
 * Opens the run store in an SQLite file. What `append` or `finish` returned from is on the disk (WAL, synchronous=FULL);
 * several processes may write at once. A file that may only be read can be read.
 * @throws DataError when it is not a run store of this schema, is damaged, locked, or cannot be opened
 */
export function openSqliteStore(options: SqliteStoreOptions): RunStore {
  const { path } = options;
  if (existsSync(path) && statSync(path).isDirectory()) {
    throw new DataError(`run store ${path}: must be a file, got a folder. Give a file with --store.`);
  }
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw new DataError(
      `run store ${path}: its folder must be there or be creatable, got "${(error as Error).message}". Give another with --store.`,
      { cause: error },
    );
  }
  return new SqliteStore(options);
}

class SqliteStore implements RunStore {
  private readonly db: DatabaseSync;
  private readonly options: SqliteStoreOptions;
  private readonly owner: Owner;

  constructor(options: SqliteStoreOptions) {
    this.options = options;
    this.owner = options.owner ?? thisProcess();
    this.db = openDatabase(options.path, options.patience ?? 10_000);
  }

  begin(info: RunInfo): RunWriter {
    const id = this.write(() => {
      let fresh = makeRunId(info.startedAt, this.options.random);
      while (this.db.prepare("SELECT 1 FROM runs WHERE id = ?").get(fresh) !== undefined) {
        fresh = makeRunId(info.startedAt, this.options.random);
      }
      this.db
        .prepare(
          `INSERT INTO runs (id, tanren, experiment, preset, seed, settings, engine, started_at, started_ms, status,
                             pid, host, birth, touched_ms)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?)`,
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
        );
      return fresh;
    });
    return {
      id,
      append: (events) => {
        const chunk = encodeChunk(events);
        this.write(() => {
          const run = this.recording(id);
          this.db.prepare("UPDATE runs SET touched_ms = ? WHERE sequence = ?").run(this.options.now(), run);
          if (chunk !== null) {
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
      for (const chunk of this.db
        .prepare("SELECT number, events FROM chunks WHERE run = ? ORDER BY number")
        .iterate(row.sequence)) {
        for (const event of this.decode(row.id, chunk.number, chunk.events as string)) {
          recorder.add(event);
        }
      }
      return { ...this.summary(row), ...recorder.recorded() };
    });
  }

  list(filter: RunFilter = {}): StoredRunSummary[] {
    return explained(this.options.path, () =>
      this.rows("WHERE ?1 IS NULL OR experiment = ?1", filter.experiment ?? null)
        .map((row) => this.summary(row))
        .filter((run) => filter.status === undefined || run.status === filter.status)
        .slice(0, filter.limit),
    );
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
    }
  }

  private find(idOrPrefix: string): Row {
    const ids = this.db.prepare("SELECT id FROM runs ORDER BY started_ms DESC, sequence DESC").all();
    const id = chooseRun(
      idOrPrefix,
      ids.map((row) => row.id as string),
    );
    return this.rows("WHERE id = ?", id)[0];
  }

  private rows(where: string, value: SQLInputValue): Row[] {
    return this.db
      .prepare(`SELECT * FROM runs ${where} ORDER BY started_ms DESC, sequence DESC`)
      .all(value) as unknown as Row[];
  }

  private recording(id: string): number {
    const row = this.rows("WHERE id = ?", id)[0] as Row | undefined;
    if (row?.status !== "running") {
      throw notRecording(id, row?.status);
    }
    return row.sequence;
  }

  /** One transaction: all of it or nothing. */
  private write<T>(action: () => T): T {
    return explained(this.options.path, () => {
      this.db.exec("BEGIN IMMEDIATE");
      try {
        const result = action();
        this.db.exec("COMMIT");
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

  private summary(row: Row): StoredRunSummary {
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
    };
  }
}

function openDatabase(path: string, patience: number): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: patience, enableForeignKeyConstraints: true });
    useWriteAheadLog(db, patience);
    db.exec("PRAGMA synchronous = FULL");
    migrate(db, path);
    return db;
  } catch (error) {
    db?.close();
    return openForReading(path) ?? raise(explainSqlite(error, path));
  }

  function openForReading(file: string): DatabaseSync | undefined {
    // A log beside the file holds what the file does not: it must not be passed over.
    if (!existsSync(file) || existsSync(`${file}-wal`)) {
      return undefined;
    }
    const url = pathToFileURL(file);
    url.search = "?immutable=1";
    let copy: DatabaseSync | undefined;
    try {
      copy = new DatabaseSync(url, { readOnly: true });
      migrate(copy, file);
      return copy;
    } catch {
      copy?.close();
      return undefined;
    }
  }
}

function raise(error: unknown): never {
  throw error;
}

/** SQLite does not wait for the lock when two processes switch a new file to the log at once, so we do. */
function useWriteAheadLog(db: DatabaseSync, patience: number): void {
  const pause = 20;
  for (let waited = 0; ; waited += pause) {
    try {
      db.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      const busy = ((error as { errcode?: number }).errcode ?? 0) % 256 === 5;
      if (!busy || waited >= patience) {
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  }
}
