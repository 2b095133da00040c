import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { DataError, saidBy } from "../../core/errors.ts";
import { explainSqlite, isBusy } from "../../store/sqlite-errors.ts";
import { makeFolder } from "./make-folder.ts";
import type { SqliteHandle } from "./sqlite-dialect.ts";
import { migrate, runsPart, type SchemaPart } from "./sqlite-schema.ts";
import { checkStorePath, sqliteDriver } from "./store-file.ts";

/**
 * Opens the file of a store, and makes it and its folder where they are missing; {@link prepare} comes next.
 * @param where what is opened, for sentences: `run store`
 * @param timeout how long SQLite itself waits for another process that writes, in milliseconds; the thread waits with it
 * @throws DataError in one sentence
 */
export function openFile(path: string, where: string, timeout: number): DatabaseSync {
  const driver = sqliteDriver();
  makePlace(path, where);
  try {
    return new driver.DatabaseSync(path, { timeout, enableForeignKeyConstraints: true });
  } catch (error) {
    throw explainSqlite(error, path);
  }
}

/** Makes sure that a store can be there, before anything opens it: of a FIFO that would never end. */
function makePlace(path: string, where: string): void {
  checkStorePath(path, where);
  try {
    makeFolder(dirname(path));
  } catch (error) {
    throw new DataError(
      {
        en: `${where} ${path}: its folder must be there or be creatable, got "${(error as Error).message}". Give another with --store.`,
        ja: `${where} ${path}: フォルダーを作れませんでした("${saidBy(error).ja}")。--store で別の場所を指定してください。`,
      },
      { cause: error },
    );
  }
}

/**
 * Makes an open file a store: write-ahead log, synchronous=FULL, and the tables of these parts. May be asked again when
 * another process was in the way.
 * @throws SQLite's own errors, and DataError when a newer Tanren or another program wrote it
 */
export function prepare(db: SqliteHandle, path: string, parts: readonly SchemaPart[]): void {
  db.exec("PRAGMA journal_mode = WAL");
  db.exec("PRAGMA synchronous = FULL");
  migrate(db, path, parts);
}

/**
 * Opens a run store's file; for reading only where it may not be written. Waits up to `patience` milliseconds for another
 * process that writes.
 * @param options.mustWrite whether a file that may only be read is refused
 * @throws DataError in one sentence
 */
export function openRunFile(
  path: string,
  { patience, mustWrite }: { readonly patience: number; readonly mustWrite: boolean },
): DatabaseSync {
  const db = openFile(path, "run store", patience);
  try {
    prepareWaiting(db, path, patience);
    if (mustWrite) {
      mustTakeWrites(db);
    }
    return db;
  } catch (error) {
    db.close();
    return (
      (mustWrite || isBusy(error) ? undefined : openForReading(path, () => [runsPart])) ??
      raise(explainSqlite(error, path))
    );
  }
}

/**
 * A store's file that may only be read, with the tables of these parts; undefined where it is no such.
 * @param parts of the file that was opened
 */
export function openForReading(
  path: string,
  parts: (db: DatabaseSync) => readonly SchemaPart[],
): DatabaseSync | undefined {
  // A log beside the file holds what the file does not: it must not be passed over.
  if (!existsSync(path) || existsSync(`${path}-wal`)) {
    return undefined;
  }
  const url = pathToFileURL(path);
  url.search = "?immutable=1";
  let copy: DatabaseSync | undefined;
  try {
    copy = new (sqliteDriver().DatabaseSync)(url, { readOnly: true });
    migrate(copy, path, parts(copy));
    return copy;
  } catch {
    copy?.close();
    return undefined;
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

/** As {@link prepare}. SQLite does not wait for the lock when two processes switch a new file to the log at once, so we do. */
function prepareWaiting(db: DatabaseSync, path: string, patience: number): void {
  const until = performance.now() + patience;
  for (;;) {
    try {
      prepare(db, path, [runsPart]);
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() >= until) {
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
