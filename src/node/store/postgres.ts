import { readFileSync } from "node:fs";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { DataError } from "../../core/errors.ts";
import { type Patience, tryAgain } from "../../store/retry.ts";
import { migrateStudies } from "../../store/studies/migrations.ts";
import type { SqlDatabase } from "../../store/studies/sql-database.ts";
import type { StudyTables } from "../../store/studies/tables.ts";
import { whyUnreadable } from "../file-errors.ts";
import { explainPostgres, mayPass } from "./postgres-errors.ts";
import { parseStoreAddress } from "./store-address.ts";

export interface PostgresDatabaseOptions {
  /** `postgres://user:password@host:port/database`; what pg understands after it (`?sslmode=…`) is kept. */
  readonly url: string;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Connections at most; 4 unless told. */
  readonly connections?: number;
  /** How long a database that went away may take to come back, in milliseconds; 120 s unless told. */
  readonly patienceMs?: number;
  /** Milliseconds since 1970; the server's own clock unless told (a test does). */
  readonly now?: () => number;
}

/** The schema that holds our tables, so that the database may be used by others too. */
export const postgresSchema = "tanren";

/** PostgreSQL 14, the oldest that is still kept up by its makers. */
const oldestVersion = 140000;

/** Of whatever an unlucky moment left behind on a connection, in milliseconds. */
const limits = { connect: 10_000, statement: 20_000, idleInTransaction: 8_000, answer: 30_000 };

/**
 * Opens a pool of connections, each when it is first needed. A server that vanished without a word is noticed by its
 * silence.
 * @param application what the server calls us
 * @throws DataError when a file that the URL names cannot be read
 */
export function openPool(url: string, application: string, connections: number): pg.Pool {
  checkKeyFiles(url);
  const pool = new pg.Pool({
    // As URLs are written: pg would encode one that holds a space a second time.
    connectionString: new URL(url).href,
    application_name: application,
    max: connections,
    keepAlive: true,
    connectionTimeoutMillis: limits.connect,
    statement_timeout: limits.statement,
    query_timeout: limits.answer,
    // A worker that was frozen in the middle of a transaction must not keep its locks.
    idle_in_transaction_session_timeout: limits.idleInTransaction,
  });
  // A connection that breaks between two queries is replaced by the next one who asks; nobody else is to hear of it.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** The files that a URL may name: pg reads them when it first connects, and would say no more than ENOENT. */
function checkKeyFiles(url: string): void {
  const asked = new URL(url).searchParams;
  for (const name of ["sslcert", "sslkey", "sslrootcert"]) {
    const path = asked.get(name);
    if (path === null || path === "") {
      continue;
    }
    try {
      readFileSync(path);
    } catch (error) {
      const where = parseStoreAddress(url, "study store").text;
      const why = whyUnreadable(error);
      throw new DataError(
        {
          en: `study store ${where}: ${name} must be a file that can be read, got ${why.en} (${path}). Correct the URL.`,
          ja: `study store ${where}: ${name} のファイル(${path})を読めません(${why.ja})。URL を直してください。`,
        },
        { cause: error },
      );
    }
  }
}

/**
 * Opens studies in PostgreSQL. A server that restarts in the middle is waited for.
 * @throws DataError when it cannot be reached, refuses the user, is older than 14, or holds a newer schema; the password is
 * in none of them
 */
export async function openPostgresDatabase(options: PostgresDatabaseOptions): Promise<SqlDatabase> {
  const where = parseStoreAddress(options.url, "study store").text;
  const pool = openPool(options.url, "tanren", options.connections ?? 4);
  const db = new Kysely<StudyTables>({ dialect: new PostgresDialect({ pool }) }).withSchema(postgresSchema);
  try {
    await prepare(db, where);
  } catch (error) {
    await pool.end();
    throw explainPostgres(error, where);
  }
  return studiesOn(db, { ...options, where });
}

/** What is around an open connection; a simulation gives its own. */
export interface PostgresSurroundings extends Omit<PostgresDatabaseOptions, "url" | "connections"> {
  /** Names the database in errors, without a password. */
  readonly where: string;
  readonly pause?: Patience["pause"];
}

/** Studies in a database whose tables are there. */
export function studiesOn(
  db: Kysely<StudyTables>,
  { where, random, patienceMs = 120_000, now, pause }: PostgresSurroundings,
): SqlDatabase {
  const patience: Patience = { totalMs: patienceMs, firstMs: 10, longestMs: 2_000, random, pause };
  const again = <T>(action: (again: boolean) => Promise<T>) =>
    tryAgain(patience, mayPass, action).catch((error: unknown) => {
      throw explainPostgres(error, where);
    });
  return {
    kind: "postgres",
    db,
    transact: (_, action) => again((repeated) => db.transaction().execute((tx) => action(tx, repeated))),
    read: (action) => again(() => action(db)),
    clock: () =>
      now === undefined
        ? sql<number>`floor(extract(epoch from clock_timestamp()) * 1000)::double precision`
        : sql<number>`${now()}::double precision`,
    close: () => db.destroy(),
  };
}

async function prepare(db: Kysely<StudyTables>, where: string): Promise<void> {
  const version = await sql<{ number: number; text: string }>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as text
  `.execute(db);
  const { number, text } = version.rows[0];
  if (number < oldestVersion) {
    throw new DataError({
      en: `study store ${where}: must be PostgreSQL 14 or newer, got ${text}. Upgrade it, or give another with --store.`,
      ja: `study store ${where}: PostgreSQL 14 以降が必要です(${text} でした)。更新するか、--store で別のものを指定してください。`,
    });
  }
  await db.transaction().execute(async (tx) => {
    // Workers that start together must not all make the tables. The number is ours alone: "TNRN".
    await sql`select pg_advisory_xact_lock(1414419022)`.execute(tx);
    const there = await sql`select 1 from information_schema.schemata where schema_name = ${postgresSchema}`.execute(
      tx,
    );
    if (there.rows.length === 0) {
      await sql`create schema ${sql.id(postgresSchema)}`.execute(tx);
    }
    await migrateStudies(tx, where);
  });
}
