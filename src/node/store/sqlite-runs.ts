import { checkOptions, type OptionNames } from "../../core/checks.ts";
import { Recorder } from "../../core/record.ts";
import { alreadyThere, noRunToResume, noSuchRun, notRecording, stillRunning } from "../../store/runs/memory.ts";
import { chooseRun, makeRunId } from "../../store/runs/run-id.ts";
import { type Owner, RunReader, type RunRow, readChunks } from "../../store/runs/run-rows.ts";
import type {
  DamagedRun,
  RunChunk,
  RunFilter,
  RunInfo,
  RunMarks,
  RunOrigin,
  RunStore,
  RunWriter,
  StoreChanges,
  StoredRun,
  StoredRunSummary,
} from "../../store/runs/run-store.ts";
import { explained } from "../../store/sqlite-errors.ts";
import { pathOf } from "../file-path.ts";
import { absolute } from "./make-folder.ts";
import { lives, thisProcess } from "./owner.ts";
import type { SqliteHandle } from "./sqlite-dialect.ts";
import { openRunFile } from "./sqlite-open.ts";
import { writerOf } from "./sqlite-run-writer.ts";
import { StoreFile, type WatchedFile } from "./store-file.ts";

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

const optionNames: OptionNames<SqliteStoreOptions> = {
  path: true,
  now: true,
  random: true,
  patience: true,
  mustWrite: true,
  owner: true,
};

/** Of so many last runs the nearest id is suggested for a mistyped one. */
const remembered = 1000;

/**
 * Opens the run store in an SQLite file. What `append` or `finish` returned from is on the disk (WAL, synchronous=FULL);
 * several processes may write at once. A file that may only be read can be read.
 * @throws DataError when it is not a run store of this schema, is damaged, locked, or cannot be opened
 */
export function openSqliteStore(options: SqliteStoreOptions): RunStore {
  checkOptions("openSqliteStore", options, optionNames);
  const path = absolute(pathOf("openSqliteStore", options.path));
  const { patience = 10_000, mustWrite = false } = options;
  const db = openRunFile(path, { patience, mustWrite });
  return runsIn(db, { ...options, path, file: new StoreFile(path, "run store") });
}

/** What is around an open file; a simulation gives its own. */
export interface RunStoreSurroundings extends Pick<SqliteStoreOptions, "path" | "now" | "random" | "owner"> {
  readonly file: WatchedFile;
  /** Whether a process lives; asks the system unless told. */
  readonly alive?: (owner: Owner) => boolean | undefined;
}

/** The runs in an open file whose tables are there. */
export function runsIn(db: SqliteHandle, surroundings: RunStoreSurroundings): RunStore {
  return new SqliteStore(db, surroundings);
}

class SqliteStore implements RunStore {
  readonly kind = "sqlite";
  private readonly db: SqliteHandle;
  private readonly options: RunStoreSurroundings;
  private readonly owner: Owner;
  private readonly file: WatchedFile;
  private wrote = false;

  constructor(db: SqliteHandle, options: RunStoreSurroundings) {
    this.db = db;
    this.options = options;
    this.owner = options.owner ?? thisProcess();
    this.file = options.file;
  }

  begin(info: RunInfo, given?: string): RunWriter {
    let chosen: string | undefined;
    const begin = () => {
      if (given !== undefined && this.rowOrNone(given) !== undefined) {
        throw alreadyThere(given);
      }
      let fresh = given ?? makeRunId(info.startedAt, this.options.random);
      while (this.db.prepare("SELECT 1 FROM runs WHERE id = ?").get(fresh) !== undefined) {
        fresh = makeRunId(info.startedAt, this.options.random);
      }
      chosen = fresh;
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
    };
    const id = this.write(begin, () => (chosen !== undefined && this.isOwn(chosen) ? chosen : undefined));
    return this.writer(id, 0);
  }

  resume(id: string): RunWriter {
    let free = false;
    const resume = () => {
      const row = this.row(id);
      if (row.status !== "running" || this.reader.status(row) === "running") {
        throw noRunToResume(id, this.reader.status(row));
      }
      free = true;
      const { pid, host, birth } = this.owner;
      this.db
        .prepare("UPDATE runs SET pid = ?, host = ?, birth = ?, touched_ms = ? WHERE sequence = ?")
        .run(pid, host, birth, this.options.now(), row.sequence);
      return row.attempts;
    };
    const attempts = this.write(resume, () => (free && this.isOwn(id) ? this.row(id).attempts : undefined));
    return this.writer(id, attempts);
  }

  private writer(id: string, attempts: number): RunWriter {
    const { db, file, options } = this;
    return writerOf(id, attempts, {
      ...{ db, file, path: options.path, now: options.now },
      write: (action) => this.write(action),
      recording: () => this.recording(id),
      status: () => this.rowOrNone(id)?.status,
    });
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
      return { ...this.reader.summary(row), upTo, ...recorder.recorded() };
    });
  }

  summary(id: string): StoredRunSummary {
    return explained(this.options.path, () => this.reader.summary(this.row(id)));
  }

  list({ experiment, status, origin, limit, before, onDamaged }: RunFilter = {}): StoredRunSummary[] {
    return explained(this.options.path, () => {
      const last = before === undefined ? null : this.row(before);
      // A run whose process is gone is still "running" in its row.
      const goes = status === "running" || status === "interrupted";
      const rows = this.db
        .prepare(
          `SELECT * FROM runs
           WHERE (?1 IS NULL OR experiment = ?1) AND (?2 IS NULL OR origin = ?2)
             AND (?3 IS NULL OR (started_ms, sequence) < (?3, ?4))
             AND (?5 IS NULL OR status = ?5 OR (?6 AND status = 'running'))
           ORDER BY started_ms DESC, sequence DESC`,
        )
        .iterate(
          experiment ?? null,
          origin ?? null,
          last?.started_ms ?? null,
          last?.sequence ?? null,
          status ?? null,
          Number(goes),
        );
      const found: StoredRunSummary[] = [];
      for (const run of this.reader.summaries(rows as Iterable<unknown> as Iterable<RunRow>, onDamaged)) {
        if (status === undefined || run.status === status) {
          found.push(run);
        }
        if (found.length === limit) {
          break;
        }
      }
      return found;
    });
  }

  chunks(id: string, after: number, limit: number): RunChunk[] {
    return explained(this.options.path, () => [...this.chunksAfter(this.row(id), after, limit)]);
  }

  private *chunksAfter(row: RunRow, after: number, limit: number): Generator<RunChunk> {
    const chunks = this.db
      .prepare("SELECT number, events FROM chunks WHERE run = ? AND number > ? ORDER BY number LIMIT ?")
      .iterate(row.sequence, after, limit);
    yield* readChunks(chunks as Iterable<unknown> as Iterable<{ number: number; events: string }>, {
      experiment: row.experiment,
      after,
    });
  }

  changes(after: number, limit = 1000): StoreChanges {
    return explained(this.options.path, () => {
      const rows = this.db
        .prepare(
          `SELECT changes.revision, changes.id AS changed, runs.* FROM changes LEFT JOIN runs USING (id)
           WHERE changes.revision > ? ORDER BY changes.revision LIMIT ?`,
        )
        .all(after, limit) as unknown as (Omit<RunRow, "sequence"> & {
        revision: number;
        changed: string;
        sequence: number | null;
      })[];
      const there = rows.filter((row) => row.sequence !== null) as RunRow[];
      const damaged: DamagedRun[] = [];
      const runs = [...this.reader.summaries(there, (run) => damaged.push(run))];
      return {
        revision: rows.at(-1)?.revision ?? after,
        runs,
        deleted: rows.filter(({ sequence }) => sequence === null).map(({ changed }) => changed),
        ...(damaged.length === 0 ? {} : { damaged }),
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
      return this.reader.summary(this.row(row.id));
    });
  }

  abandoned(origin: RunOrigin): StoredRunSummary[] {
    return explained(this.options.path, () => {
      const rows = this.db
        .prepare("SELECT * FROM runs WHERE status = 'running' AND origin = ? ORDER BY started_ms, sequence")
        .all(origin) as unknown as RunRow[];
      return [...this.reader.summaries(rows)].filter((run) => run.status === "interrupted");
    });
  }

  delete(idOrPrefix: string): void {
    this.write(() => {
      const row = this.find(idOrPrefix);
      if (this.reader.status(row) === "running") {
        throw stillRunning(row.id);
      }
      this.db.prepare("DELETE FROM runs WHERE sequence = ?").run(row.sequence);
    });
  }

  close(): void {
    if (this.db.isOpen) {
      this.db.close();
      if (this.wrote) {
        this.file.mustBeReadable();
      }
    }
  }

  private find(idOrPrefix: string): RunRow {
    return this.rowOrNone(idOrPrefix) ?? this.row(chooseRun(idOrPrefix, this.likely(idOrPrefix)));
  }

  /** The ids that a person may mean, newest first: all that begin so, else the last ones. */
  private likely(asked: string): string[] {
    const newest = "ORDER BY started_ms DESC, sequence DESC";
    const fitting = this.db
      .prepare(`SELECT id FROM runs WHERE id >= ? AND id < ? ${newest}`)
      .all(asked, `${asked}\u{10ffff}`);
    const some = asked !== "" && fitting.length > 0;
    const rows = some ? fitting : this.db.prepare(`SELECT id FROM runs ${newest} LIMIT ${remembered}`).all();
    return rows.map(({ id }) => id as string);
  }

  /** @param id whole */
  private row(id: string): RunRow {
    return this.rowOrNone(id) ?? raise(noSuchRun(id));
  }

  private rowOrNone(id: string): RunRow | undefined {
    return this.db.prepare("SELECT * FROM runs WHERE id = ?").get(id) as RunRow | undefined;
  }

  /** The run's row, while this process records it. */
  private recording(id: string): number {
    const row = this.rowOrNone(id);
    if (row?.status !== "running") {
      throw notRecording(id, row?.status);
    }
    if (!this.isOwner(row)) {
      throw notRecording(id, "another process's");
    }
    return row.sequence;
  }

  private isOwner(row: RunRow): boolean {
    const { pid, host, birth } = this.owner;
    return row.pid === pid && row.host === host && row.birth === birth;
  }

  /** Whether this process records the run. */
  private isOwn(id: string): boolean {
    const row = this.rowOrNone(id);
    return row?.status === "running" && this.isOwner(row);
  }

  /**
   * One transaction: all of it or nothing.
   * @param kept what it gave after all, asked when it failed: a commit that was not heard of may have been made
   */
  private write<T>(action: () => T, kept: () => T | undefined = () => undefined): T {
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
        return unlessRefused(kept) ?? raise(error as Error);
      }
    });
  }

  private get reader(): RunReader {
    return new RunReader(this.options.path, this.options.now(), this.options.alive ?? lives);
  }
}

/** What it gives; nothing where the store cannot be asked. */
function unlessRefused<T>(ask: () => T | undefined): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

function raise(error: Error): never {
  throw error;
}
