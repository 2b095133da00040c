import type { Kysely, RawBuilder } from "kysely";
import type { SqlKind } from "./migrations.ts";
import type { StudyTables } from "./tables.ts";

/** A database that holds studies: what differs between SQLite and PostgreSQL, and nothing else. */
export interface SqlDatabase {
  readonly kind: SqlKind;
  readonly db: Kysely<StudyTables>;
  /**
   * Runs `action` in a transaction of its own. When the database says that it might work the next time (a lock, a
   * conflict, a lost connection), it is run again, with `again` true, until patience ends; whether the transaction before
   * was committed may then be unknown.
   * @throws DataError what the database refuses, in a sentence
   */
  transact<T>(action: (tx: Kysely<StudyTables>, again: boolean) => Promise<T>): Promise<T>;
  /** Runs reads that need no transaction, again as `transact`. */
  read<T>(action: (db: Kysely<StudyTables>) => Promise<T>): Promise<T>;
  /** The time that leases go by, in milliseconds since 1970: one clock for every worker of the database. */
  clock(): RawBuilder<number>;
  close(): Promise<void>;
}
