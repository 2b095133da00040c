import type { Kysely, RawBuilder } from "kysely";
import type { SqlKind } from "./migrations.ts";
import type { StudyTables } from "./tables.ts";

/** What a committed transaction survives. */
export type Survives =
  /** The death of the machine: it is on the disk. */
  | "power-loss"
  /**
   * The death of the process, and some milliseconds later that of the machine. Transactions reach the disk in their
   * order: a machine that dies before has died, as far as the study is concerned, those milliseconds earlier.
   */
  | "power-loss-soon"
  /**
   * The death of the process. In a file, whose workers all share its machine, that is enough for whatever only running
   * trials need: a machine that comes back has none, and begins them again. On a server everything is on the disk,
   * because workers live on when it dies.
   */
  | "kill";

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
  transact<T>(survives: Survives, action: (tx: Kysely<StudyTables>, again: boolean) => Promise<T>): Promise<T>;
  /** Runs reads that need no transaction, again as `transact`. */
  read<T>(action: (db: Kysely<StudyTables>) => Promise<T>): Promise<T>;
  /** The time that leases go by, in milliseconds since 1970: one clock for every worker of the database. */
  clock(): RawBuilder<number>;
  close(): Promise<void>;
}
