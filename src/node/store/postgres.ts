import { Kysely, PostgresDialect, sql } from "kysely";
import { DataError } from "../../core/errors.ts";
import { type Patience, tryAgain } from "../../store/retry.ts";
import { migrateStudies } from "../../store/studies/migrations.ts";
import type { SqlDatabase } from "../../store/studies/sql-database.ts";
import type { StudyTables } from "../../store/studies/tables.ts";
import { explainPostgres, mayPass } from "./postgres-errors.ts";
import { openPool } from "./postgres-pool.ts";
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
