import { accessSync, constants } from "node:fs";
import { dirname } from "node:path";
import { Kysely, sql } from "kysely";
import { type Patience, tryAgain } from "../../store/retry.ts";
import { explainSqlite, mayPass } from "../../store/sqlite-errors.ts";
import { studyComponent, studySteps } from "../../store/studies/migrations.ts";
import type { SqlDatabase } from "../../store/studies/sql-database.ts";
import type { StudyTables } from "../../store/studies/tables.ts";
import { BackgroundSync } from "./background-sync.ts";
import { absolute } from "./make-folder.ts";
import { NodeSqliteDialect, type SqliteHandle } from "./sqlite-dialect.ts";
import { openFile, openForReading, prepare } from "./sqlite-open.ts";
import { runsPart, type SchemaPart } from "./sqlite-schema.ts";
import { StoreFile, type WatchedFile } from "./store-file.ts";

export interface SqliteDatabaseOptions {
  /** The file, which may be a run store's too; it and its folder are made when missing. */
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** How long to wait for another process that is writing, or for free space, in milliseconds; 30 s unless told. */
  readonly patienceMs?: number;
}

/**
 * Opens studies in an SQLite file, with a write-ahead log. Several processes of one machine may use it at once; a file that
 * may only be read can be read.
 * @throws DataError when it is another program's, of a newer schema, damaged, or cannot be opened
 */
export async function openSqliteDatabase(options: SqliteDatabaseOptions): Promise<SqlDatabase> {
  const path = options.path === ":memory:" ? options.path : absolute(options.path);
  // Waiting inside SQLite would hold up the whole thread, heartbeats with it: we wait between tries instead.
  const file = openFile(path, "study store", 0);
  const place = new StoreFile(path, "study store");
  const around = { ...options, path, place, log: new BackgroundSync(`${path}-wal`) };
  const { again, ...database } = studiesIn(file, around);
  try {
    await again(async () => prepare(file, path, [runsPart, studiesPart(file)]));
    return database;
  } catch (error) {
    file.close();
    const parts = (copy: SqliteHandle) => [runsPart, studiesPart(copy)];
    const copy = mayBeWritten(path) ? undefined : openForReading(path, parts);
    if (copy === undefined) {
      throw explainSqlite(error, path);
    }
    const { again: _, ...readable } = studiesIn(copy, around);
    return readable;
  }
}

function mayBeWritten(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    accessSync(dirname(path), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** What is around an open file; a simulation gives its own. */
export interface SqliteSurroundings extends SqliteDatabaseOptions {
  readonly place: WatchedFile;
  readonly log: Pick<BackgroundSync, "request" | "close">;
  readonly pause?: Patience["pause"];
}

/** Studies in an open file whose tables are there; `again` repeats what may pass. */
export function studiesIn(
  file: SqliteHandle,
  { path, now, random, patienceMs = 30_000, place, log, pause }: SqliteSurroundings,
): SqlDatabase & { again<T>(action: (again: boolean) => Promise<T>): Promise<T> } {
  const patience: Patience = { totalMs: patienceMs, firstMs: 2, longestMs: 50, random, pause };
  const again = <T>(action: (again: boolean) => Promise<T>) =>
    tryAgain(patience, mayPass, action).catch((error: unknown) => {
      throw explainSqlite(error, path);
    });
  const db = new Kysely<StudyTables>({ dialect: new NodeSqliteDialect(file) });
  let wrote = false;
  const transact: SqlDatabase["transact"] = (survives, action) =>
    again((repeated) =>
      // The only connection is ours until it is done.
      db.connection().execute(async (tx) => {
        place.mustBeThere();
        file.exec(`PRAGMA synchronous = ${survives === "power-loss" ? "FULL" : "NORMAL"}`);
        // A transaction that begins by reading could not become a writing one while another process writes.
        file.exec("BEGIN IMMEDIATE");
        try {
          const result = await action(tx, repeated);
          file.exec("COMMIT");
          wrote = true;
          if (survives === "power-loss-soon") {
            log.request();
          }
          return result;
        } catch (error) {
          // After some errors (a full disk) SQLite has rolled back by itself.
          if (file.isTransaction) {
            file.exec("ROLLBACK");
          }
          throw error;
        }
      }),
    );
  return {
    again,
    kind: "sqlite",
    db,
    transact,
    read: (action) =>
      again(() => {
        // Whoever only watches would watch a deleted file for ever.
        place.mustBeThere();
        return action(db);
      }),
    clock: () => sql<number>`${now()}`,
    close: async () => {
      await log.close();
      await db.destroy();
      if (file.isOpen) {
        file.close();
      }
      if (wrote) {
        place.mustBeReadable();
      }
    },
  };
}

/** The tables of studies, as a file has them. */
export function studiesPart(file: SqliteHandle): SchemaPart {
  const { schema } = new Kysely<StudyTables>({ dialect: new NodeSqliteDialect(file) });
  const steps = studySteps(schema, "sqlite").map(
    (step) => () =>
      step()
        .map(({ sql }) => sql)
        .join(";\n"),
  );
  return { component: studyComponent, where: "study store", steps };
}
