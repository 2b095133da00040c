import { DataError } from "../../core/errors.ts";
import { newerSchema } from "../../store/newer-schema.ts";
import type { SqliteHandle } from "./sqlite-dialect.ts";

/** Marks the file as ours in SQLite's header ("TNRN"). */
const applicationId = 0x544e524e;

/** A part of the file that has tables and a version of its own: runs, or studies. */
export interface SchemaPart {
  readonly component: string;
  /** What it is called in sentences. */
  readonly where: string;
  /** SQL: step i brings it from version i to i + 1. Never change one that has been released: add another. */
  readonly steps: readonly (() => string)[];
}

const runSteps: readonly string[] = [
  `CREATE TABLE runs (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     tanren TEXT NOT NULL,
     experiment TEXT NOT NULL,
     preset TEXT NOT NULL,
     seed INTEGER NOT NULL,
     settings TEXT NOT NULL,
     engine TEXT NOT NULL,
     started_at TEXT NOT NULL,
     started_ms INTEGER NOT NULL,
     status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed', 'interrupted')),
     pid INTEGER NOT NULL,
     host TEXT NOT NULL,
     birth TEXT NOT NULL,
     touched_ms INTEGER NOT NULL,
     seconds_total REAL,
     seconds_train REAL
   ) STRICT;
   CREATE INDEX runs_by_start ON runs (started_ms DESC, sequence DESC);
   CREATE TABLE chunks (
     run INTEGER NOT NULL REFERENCES runs (sequence) ON DELETE CASCADE,
     number INTEGER NOT NULL,
     events TEXT NOT NULL,
     PRIMARY KEY (run, number)
   ) STRICT;`,
  // One row a run, with a new number at each change, so that who watches can ask for what is new; a deleted run's row
  // stays. Triggers, so that no writer can forget it.
  `ALTER TABLE runs ADD COLUMN origin TEXT NOT NULL DEFAULT 'cli' CHECK (origin IN ('cli', 'server', 'page'));
   ALTER TABLE runs ADD COLUMN label TEXT;
   ALTER TABLE runs ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1));
   CREATE INDEX runs_going ON runs (sequence) WHERE status = 'running';
   CREATE TABLE changes (
     revision INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE
   ) STRICT;
   INSERT INTO changes (id) SELECT id FROM runs ORDER BY sequence;
   CREATE TRIGGER run_inserted AFTER INSERT ON runs BEGIN
     INSERT OR REPLACE INTO changes (id) VALUES (new.id);
   END;
   CREATE TRIGGER run_updated AFTER UPDATE ON runs BEGIN
     INSERT OR REPLACE INTO changes (id) VALUES (new.id);
   END;
   CREATE TRIGGER run_deleted AFTER DELETE ON runs BEGIN
     INSERT OR REPLACE INTO changes (id) VALUES (old.id);
   END;`,
  `ALTER TABLE runs ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;`,
];

/** The tables of runs, which every file of ours has. */
export const runsPart: SchemaPart = { component: "runs", where: "run store", steps: runSteps.map((sql) => () => sql) };

/**
 * Brings parts of a file to this version of their tables; what they hold is kept. The table `schema_version` has a row for
 * each. Nothing is written where nothing is to do, so that a file which may only be read can be opened.
 * @throws DataError when a newer Tanren or another program wrote it
 */
export function migrate(db: SqliteHandle, path: string, parts: readonly SchemaPart[]): void {
  const behind = () => {
    const versions = versionsOf(db, path, parts);
    return parts.map((part, i) => ({ part, from: versions[i] })).filter(({ part, from }) => from < part.steps.length);
  };
  if (behind().length === 0) {
    return;
  }
  db.exec("BEGIN IMMEDIATE");
  try {
    // Another process may have done it between the look and the lock.
    for (const { part, from } of behind()) {
      for (const step of part.steps.slice(from)) {
        db.exec(step());
      }
    }
    db.exec("CREATE TABLE IF NOT EXISTS schema_version (component TEXT PRIMARY KEY, version INTEGER NOT NULL)");
    const keep = db.prepare("INSERT OR REPLACE INTO schema_version (component, version) VALUES (?, ?)");
    for (const { component, steps } of parts) {
      keep.run(component, steps.length);
    }
    // Versions that have only this to go by see whether the file is too new for them.
    db.exec(`PRAGMA user_version = ${runSteps.length}`);
    db.exec(`PRAGMA application_id = ${applicationId}`);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) {
      db.exec("ROLLBACK");
    }
    throw error;
  }
}

/** The versions of parts as the file has them, 0 for what it has not. @throws DataError as {@link migrate} */
function versionsOf(db: SqliteHandle, path: string, parts: readonly SchemaPart[]): number[] {
  // The tables first: another process may make them and the mark, at once, while we look.
  const tables = db.prepare("SELECT name FROM sqlite_schema").all() as { name: string }[];
  const { application_id: application } = db.prepare("PRAGMA application_id").get() as { application_id: number };
  if (application !== applicationId && tables.length > 0) {
    throw new DataError({
      en: `run store ${path}: must be a run store, got the database of another program. Give another file with --store.`,
      ja: `run store ${path}: 別のプログラムのデータベースです。--store で別のファイルを指定してください。`,
    });
  }
  const kept = new Map<string, number>();
  if (tables.some(({ name }) => name === "schema_version")) {
    for (const { component, version } of db.prepare("SELECT component, version FROM schema_version").all()) {
      kept.set(String(component), Number(version));
    }
  }
  return parts.map(({ component, where, steps }) => {
    const version = kept.get(component) ?? (component === runsPart.component ? headerVersion(db) : 0);
    if (version > steps.length) {
      throw newerSchema(`${where} ${path}`, steps.length, version);
    }
    return version;
  });
}

/** The version of runs where no table says it: until schema 3 of runs, only studies had a row there. */
function headerVersion(db: SqliteHandle): number {
  return (db.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
}
