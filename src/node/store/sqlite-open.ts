import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { explainSqlite, isBusy } from "../../store/sqlite-errors.ts";
import { sqliteDriver } from "./sqlite-driver.ts";
import { migrate } from "./sqlite-schema.ts";

/**
 * Opens a run store's file in WAL with synchronous=FULL and brings its schema up to date; for reading only where it may not
 * be written. Waits up to `patience` milliseconds for another process that writes.
 * @param options.mustWrite whether a file that may only be read is refused
 * @throws DataError in one sentence
 */
export function openDatabase(
  path: string,
  { patience, mustWrite }: { readonly patience: number; readonly mustWrite: boolean },
): DatabaseSync {
  const driver = sqliteDriver();
  let db: DatabaseSync | undefined;
  try {
    db = new driver.DatabaseSync(path, { timeout: patience, enableForeignKeyConstraints: true });
    useWriteAheadLog(db, patience);
    db.exec("PRAGMA synchronous = FULL");
    migrate(db, path);
    if (mustWrite) {
      mustTakeWrites(db);
    }
    return db;
  } catch (error) {
    db?.close();
    return (mustWrite || isBusy(error) ? undefined : openForReading(path)) ?? raise(explainSqlite(error, path));
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
      copy = new driver.DatabaseSync(url, { readOnly: true });
      migrate(copy, file);
      return copy;
    } catch {
      copy?.close();
      return undefined;
    }
  }
}

/** SQLite opens a file that may only be read without a word. */
function mustTakeWrites(db: DatabaseSync): void {
  try {
    db.exec("BEGIN IMMEDIATE; ROLLBACK");
  } catch (error) {
    // Another process writes: so can we, later.
    if (!isBusy(error)) {
      throw error;
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
