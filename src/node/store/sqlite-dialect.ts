import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";

/** What is needed of Node's `DatabaseSync`. */
export type SqliteHandle = Pick<DatabaseSync, "exec" | "prepare" | "isTransaction" | "isOpen" | "close">;

/** Speaks to Node's own SQLite. One connection: queries and transactions of one process follow one another. */
export class NodeSqliteDialect implements Dialect {
  readonly createAdapter = () => new SqliteAdapter();
  readonly createIntrospector: Dialect["createIntrospector"] = (db) => new SqliteIntrospector(db);
  readonly createQueryCompiler = () => new SqliteQueryCompiler();
  private readonly db: SqliteHandle;

  constructor(db: SqliteHandle) {
    this.db = db;
  }

  createDriver(): Driver {
    return new NodeSqliteDriver(this.db);
  }
}

class NodeSqliteDriver implements Driver {
  private readonly db: SqliteHandle;
  private readonly connection: NodeSqliteConnection;

  constructor(db: SqliteHandle) {
    this.db = db;
    this.connection = new NodeSqliteConnection(db);
  }

  async init(): Promise<void> {}

  // Kysely itself lets one caller at a time have it, because the adapter says that there is only one.
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.connection;
  }

  async releaseConnection(): Promise<void> {}

  async beginTransaction(): Promise<void> {
    this.db.exec("BEGIN IMMEDIATE");
  }

  async commitTransaction(): Promise<void> {
    this.db.exec("COMMIT");
  }

  async rollbackTransaction(): Promise<void> {
    if (this.db.isTransaction) {
      this.db.exec("ROLLBACK");
    }
  }

  async destroy(): Promise<void> {
    if (this.db.isOpen) {
      this.db.close();
    }
  }
}

class NodeSqliteConnection implements DatabaseConnection {
  private readonly db: SqliteHandle;
  private readonly statements = new Map<string, { statement: StatementSync; columns: readonly string[] }>();

  constructor(db: SqliteHandle) {
    this.db = db;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { statement, columns } = this.prepared(sql);
    const values = parameters as SQLInputValue[];
    if (columns.length > 0) {
      return { rows: objectsOf<R>(statement.all(...values) as unknown as SQLOutputValue[][], columns) };
    }
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  // biome-ignore lint/correctness/useYield: nothing here is streamed.
  async *streamQuery(): AsyncGenerator<never> {
    throw new Error("sqlite: queries must be read whole, got a stream. Use execute.");
  }

  private prepared(sql: string) {
    let found = this.statements.get(sql);
    if (found === undefined) {
      const statement = this.db.prepare(sql);
      found = { statement, columns: statement.columns().map(({ name }) => name) };
      if (found.columns.length > 0) {
        statement.setReturnArrays(true);
      }
      // Statements with long lists of values would pile up.
      if (this.statements.size > 200) {
        this.statements.clear();
      }
      this.statements.set(sql, found);
    }
    return found;
  }
}

/** Rows of one shape: SQLite's own objects are dictionaries, which take twice as long to make and to read. */
function objectsOf<R>(rows: readonly SQLOutputValue[][], columns: readonly string[]): R[] {
  return rows.map((row) => {
    const object: Record<string, SQLOutputValue> = {};
    for (let i = 0; i < columns.length; i++) {
      object[columns[i]] = row[i];
    }
    return object as R;
  });
}
