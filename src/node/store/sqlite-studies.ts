import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { Kysely, sql } from "kysely";
import { DataError, saidBy } from "../../core/errors.ts";
import { type Patience, tryAgain } from "../../store/retry.ts";
import { explainSqlite, mayPass } from "../../store/sqlite-errors.ts";
import { migrateStudies } from "../../store/studies/migrations.ts";
import type { SqlDatabase } from "../../store/studies/sql-database.ts";
import type { StudyTables } from "../../store/studies/tables.ts";
import { BackgroundSync } from "./background-sync.ts";
import { absolute, makeFolder } from "./make-folder.ts";
import { NodeSqliteDialect, type SqliteHandle } from "./sqlite-dialect.ts";
import { sqliteDriver } from "./sqlite-driver.ts";
import { migrate as migrateRuns } from "./sqlite-schema.ts";
import { checkStorePath, StoreFile } from "./store-file.ts";

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
 * Opens studies in an SQLite file, with a write-ahead log. Several processes of one machine may use it at once.
 * @throws DataError when it is another program's, of a newer schema, damaged, or cannot be opened
 */
export async function openSqliteDatabase(options: SqliteDatabaseOptions): Promise<SqlDatabase> {
  const path = options.path === ":memory:" ? options.path : absolute(options.path);
  const file = openFile(path);
  const place = new StoreFile(path, "study store");
  const { again, ...database } = studiesIn(file, { ...options, path, place, log: new BackgroundSync(`${path}-wal`) });
  try {
    // SQLite does not wait when two processes switch a new file to the log at once, so we do.
    await again(async () => file.exec("PRAGMA journal_mode = WAL"));
    await again(async () => migrateRuns(file, path));
    await database.transact("power-loss", (tx) => migrateStudies(tx, "sqlite", path));
  } catch (error) {
    file.close();
    throw explainSqlite(error, path);
  }
  return database;
}

/** What is around an open file; a simulation gives its own. */
export interface SqliteSurroundings extends SqliteDatabaseOptions {
  readonly place: Pick<StoreFile, "mustBeThere">;
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
        place.mustBeThere();
      }
    },
  };
}

function openFile(path: string): DatabaseSync {
  const driver = sqliteDriver();
  checkStorePath(path, "study store");
  try {
    makeFolder(dirname(path));
    // Waiting inside SQLite would hold up the whole thread, heartbeats with it: we wait between tries instead.
    return new driver.DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true });
  } catch (error) {
    const explained = explainSqlite(error, path);
    throw explained !== error
      ? explained
      : new DataError(
          {
            en: `study store ${path}: its folder must be there or be creatable, got "${(error as Error).message}". Give another with --store.`,
            ja: `study store ${path}: フォルダーを作れませんでした("${saidBy(error).ja}")。--store で別の場所を指定してください。`,
          },
          { cause: error },
        );
  }
}
