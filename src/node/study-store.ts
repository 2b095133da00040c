import { randomBytes } from "node:crypto";
import { DataError } from "../core/errors.ts";
import { SqlStudyStore } from "../store/sql/sql-study-store.ts";
import { openSqliteDatabase } from "../store/sql/sqlite-database.ts";
import { openPostgresDatabase, type PostgresDatabaseOptions } from "./postgres.ts";

export interface OpenStudyStoreOptions extends Pick<PostgresDatabaseOptions, "connections" | "patienceMs"> {
  /** Milliseconds since 1970; the machine's clock in a file and the server's in PostgreSQL unless told. */
  readonly now?: () => number;
}

/**
 * Opens the studies in a file or a PostgreSQL database, and makes what is missing.
 * @param urlOrPath a file (a run store's may be used) or `postgres://user:password@host:port/database`
 * @throws DataError when it cannot be opened: one sentence, without the password
 */
export async function openStudyStore(urlOrPath: string, options: OpenStudyStoreOptions = {}): Promise<SqlStudyStore> {
  const { now, patienceMs } = options;
  const random = () => randomBytes(4).readUInt32LE() / 2 ** 32;
  const instance = randomBytes(9).toString("base64url");
  if (isPostgres(urlOrPath)) {
    return new SqlStudyStore(await openPostgresDatabase({ ...options, url: urlOrPath, random }), { instance });
  }
  const path = urlOrPath.replace(/^sqlite:(\/\/)?/, "");
  const database = await openSqliteDatabase({
    path,
    now: now ?? Date.now,
    random,
    ...(patienceMs === undefined ? {} : { patienceMs }),
  });
  return new SqlStudyStore(database, { instance });
}

/** Whether a store is a PostgreSQL database. @throws DataError when it is a URL of something else */
export function isPostgres(urlOrPath: string): boolean {
  if (/^postgres(ql)?:/i.test(urlOrPath)) {
    return true;
  }
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(urlOrPath)?.[1];
  if (scheme !== undefined && scheme !== "sqlite") {
    throw new DataError(
      `study store: must be a file or postgres://…, got ${scheme}://…. Give one of these with --store.`,
    );
  }
  return false;
}
