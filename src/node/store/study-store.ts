import { randomBytes } from "node:crypto";
import { checkOptions, type OptionNames } from "../../core/checks.ts";
import { SqlStudyStore } from "../../store/studies/sql-study-store.ts";
import { workerLives } from "./owner.ts";
import type { PostgresDatabaseOptions } from "./postgres.ts";
import { openSqliteDatabase } from "./sqlite-studies.ts";
import { parseStoreAddress } from "./store-address.ts";

export interface OpenStudyStoreOptions extends Pick<PostgresDatabaseOptions, "connections" | "patienceMs"> {
  /** Milliseconds since 1970; the machine's clock in a file and the server's in PostgreSQL unless told. */
  readonly now?: () => number;
  /** Milliseconds by a count that nobody sets; `now` where that is told, else the process's own. */
  readonly monotonic?: () => number;
}

const optionNames: OptionNames<OpenStudyStoreOptions> = {
  connections: true,
  patienceMs: true,
  now: true,
  monotonic: true,
};

/**
 * Opens the studies in a file or a PostgreSQL database, and makes what is missing.
 * @param urlOrPath a file (a run store's may be used) or `postgres://user:password@host:port/database`
 * @throws DataError when it cannot be opened: one sentence, without the password
 */
export async function openStudyStore(
  urlOrPath: string | URL,
  options: OpenStudyStoreOptions = {},
): Promise<SqlStudyStore> {
  checkOptions("openStudyStore", options, optionNames);
  const { now, patienceMs } = options;
  const random = () => randomBytes(4).readUInt32LE() / 2 ** 32;
  const { monotonic = now ?? (() => performance.now()) } = options;
  const kept = { instance: randomBytes(9).toString("base64url"), monotonic, alive: workerLives };
  const address = parseStoreAddress(urlOrPath, "study store");
  if (address.kind === "postgres") {
    // The client is loaded where a database is named, and only there.
    const { openPostgresDatabase } = await import("./postgres.ts");
    return new SqlStudyStore(await openPostgresDatabase({ ...options, url: address.url, random }), kept);
  }
  const database = await openSqliteDatabase({
    path: address.kind === "file" ? address.path : ":memory:",
    now: now ?? Date.now,
    random,
    ...(patienceMs === undefined ? {} : { patienceMs }),
  });
  return new SqlStudyStore(database, kept);
}
