import type { DatabaseSync } from "node:sqlite";
import { DataError } from "../../core/errors.ts";

/** Marks the file as ours in SQLite's header ("TNRN"). */
const applicationId = 0x544e524e;

/** Step i brings a file from schema version i to i + 1. Never change one that has been released: add another. */
const migrations: readonly string[] = [
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

export const schemaVersion = migrations.length;

/**
 * Brings the database to this version of the schema; what it holds is kept.
 * @throws DataError when a newer Tanren or another program wrote it
 */
export function migrate(db: DatabaseSync, path: string): void {
  if (versionOf(db, path) === schemaVersion) {
    return;
  }
  db.exec("BEGIN IMMEDIATE");
  try {
    // Another process may have done it between the look and the lock.
    for (let version = versionOf(db, path); version < schemaVersion; version++) {
      db.exec(migrations[version]);
      db.exec(`PRAGMA user_version = ${version + 1}`);
    }
    db.exec(`PRAGMA application_id = ${applicationId}`);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) {
      db.exec("ROLLBACK");
    }
    throw error;
  }
}

function versionOf(db: DatabaseSync, path: string): number {
  const { application_id: application } = db.prepare("PRAGMA application_id").get() as { application_id: number };
  const { user_version: version } = db.prepare("PRAGMA user_version").get() as { user_version: number };
  const { objects } = db.prepare("SELECT count(*) AS objects FROM sqlite_schema").get() as { objects: number };
  if (application !== applicationId && objects > 0) {
    throw new DataError({
      en: `run store ${path}: must be a run store, got the database of another program. Give another file with --store.`,
      ja: `run store ${path}: 別のプログラムのデータベースです。--store で別のファイルを指定してください。`,
    });
  }
  if (version > schemaVersion) {
    throw new DataError({
      en: `run store ${path}: must be of schema version ${schemaVersion} or older, got ${version}. Use the newer Tanren that wrote it, or give another file with --store.`,
      ja: `run store ${path}: スキーマのバージョンが新しすぎます(対応は ${schemaVersion} まで、このファイルは ${version})。書き込んだ新しい Tanren を使うか、--store で別のファイルを指定してください。`,
    });
  }
  return version;
}
