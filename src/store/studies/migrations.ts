import { type CompiledQuery, type CreateTableBuilder, type Kysely, sql } from "kysely";
import { newerSchema } from "../newer-schema.ts";
import type { StudyTables } from "./tables.ts";

export type SqlKind = "sqlite" | "postgres";

type Schema = Kysely<StudyTables>["schema"];

/** Step i brings the tables from version i to i + 1. Never change one that has been released: add another. */
const migrations: readonly ((schema: Schema, kind: SqlKind) => readonly CompiledQuery[])[] = [firstTables];

/** What brings a database's tables of studies from each version to the next; most that open one need none of it. */
export function studySteps(schema: Schema, kind: SqlKind): (() => readonly CompiledQuery[])[] {
  return migrations.map((step) => () => step(schema, kind));
}

/** What the table `schema_version` calls them. */
export const studyComponent = "studies";

/**
 * Brings the tables of studies in PostgreSQL to this version; what they hold is kept. Runs inside a transaction that holds a
 * lock against others doing the same. In a file that is SQLite's, `node/store/sqlite-schema.ts` does it.
 * @param where names the database in errors, without a password
 * @throws DataError when a newer Tanren made them
 */
export async function migrateStudies(db: Kysely<StudyTables>, where: string): Promise<void> {
  await db.schema
    .createTable("schema_version")
    .ifNotExists()
    .addColumn("component", "text", (column) => column.primaryKey())
    .addColumn("version", "integer", (column) => column.notNull())
    .execute();
  const row = await db
    .selectFrom("schema_version")
    .select("version")
    .where("component", "=", studyComponent)
    .executeTakeFirst();
  const steps = studySteps(db.schema, "postgres");
  const from = row?.version ?? 0;
  if (from > steps.length) {
    throw newerSchema(`study store ${where}`, steps.length, from);
  }
  for (const query of steps.slice(from).flatMap((step) => step())) {
    await db.executeQuery(query);
  }
  if (row === undefined) {
    await db.insertInto("schema_version").values({ component: studyComponent, version: steps.length }).execute();
  } else if (from < steps.length) {
    await db
      .updateTable("schema_version")
      .set({ version: steps.length })
      .where("component", "=", studyComponent)
      .execute();
  }
}

function firstTables(schema: Schema, kind: SqlKind): CompiledQuery[] {
  const bytes = sql.raw(kind === "sqlite" ? "blob" : "bytea");
  /** Its primary key is all there is to look rows up by, so SQLite keeps them in its order. */
  const clustered = <T extends string, C extends string>(table: CreateTableBuilder<T, C>) =>
    kind === "sqlite" ? table.modifyEnd(sql`without rowid`) : table;

  return [
    schema
      .createTable("studies")
      .addColumn("id", kind === "sqlite" ? "integer" : "serial", (column) =>
        kind === "sqlite" ? column.primaryKey().autoIncrement() : column.primaryKey(),
      )
      .addColumn("name", "text", (column) => column.notNull().unique())
      .addColumn("direction", "text", (column) => column.notNull())
      .addColumn("seed", "double precision", (column) => column.notNull())
      .addColumn("sampler", "text", (column) => column.notNull())
      .addColumn("pruner", "text", (column) => column.notNull())
      .addColumn("space", "text", (column) => column.notNull())
      .addColumn("objective", "text", (column) => column.notNull())
      .addColumn("constraints", "integer", (column) => column.notNull())
      .addColumn("created_at", "double precision", (column) => column.notNull())
      .addColumn("revision", "integer", (column) => column.notNull())
      .addColumn("finished", "integer", (column) => column.notNull())
      .addColumn("next_number", "integer", (column) => column.notNull())
      .compile(),

    schema
      .createTable("trials")
      .addColumn("study", "integer", (column) => column.notNull().references("studies.id").onDelete("cascade"))
      .addColumn("number", "integer", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("attempt", "integer", (column) => column.notNull())
      .addColumn("lost", "integer", (column) => column.notNull())
      .addColumn("value", "double precision")
      .addColumn("feasible", "integer")
      .addColumn("params", "text", (column) => column.notNull())
      .addColumn("distributions", "text", (column) => column.notNull())
      .addColumn("constraints", "text")
      .addColumn("attributes", "text", (column) => column.notNull())
      .addColumn("intermediate", "text")
      .addColumn("error", "text")
      .addColumn("started_at", "double precision")
      .addColumn("finished_at", "double precision")
      .addColumn("worker", "text")
      .addColumn("claim", "text")
      .addColumn("lease_until", "double precision")
      .addColumn("seen", "integer")
      .addColumn("finish_order", "integer")
      .addColumn("revision", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("trials_key", ["study", "number"])
      .addCheckConstraint("trials_state", sql`state in ('waiting', 'running', 'complete', 'pruned', 'failed')`)
      .compile(),
    schema.createIndex("trials_by_state").on("trials").columns(["study", "state", "number"]).compile(),
    schema.createIndex("trials_by_revision").on("trials").columns(["study", "revision"]).compile(),
    // The database itself refuses that two trials finish at one place.
    schema
      .createIndex("trials_by_finish")
      .on("trials")
      .columns(["study", "finish_order"])
      .unique()
      .where(sql.ref("finish_order"), "is not", null)
      .compile(),

    clustered(
      schema
        .createTable("attempts")
        .addColumn("study", "integer", (column) => column.notNull())
        .addColumn("number", "integer", (column) => column.notNull())
        .addColumn("attempt", "integer", (column) => column.notNull())
        .addColumn("worker", "text", (column) => column.notNull())
        .addColumn("started_at", "double precision", (column) => column.notNull())
        .addColumn("ended_at", "double precision")
        .addColumn("outcome", "text")
        .addPrimaryKeyConstraint("attempts_key", ["study", "number", "attempt"])
        .addForeignKeyConstraint("attempts_trial", ["study", "number"], "trials", ["study", "number"], (key) =>
          key.onDelete("cascade"),
        ),
    ).compile(),

    clustered(
      schema
        .createTable("metrics")
        .addColumn("study", "integer", (column) => column.notNull())
        .addColumn("number", "integer", (column) => column.notNull())
        .addColumn("attempt", "integer", (column) => column.notNull())
        .addColumn("step", "double precision", (column) => column.notNull())
        .addColumn("value", "double precision")
        .addPrimaryKeyConstraint("metrics_key", ["study", "number", "attempt", "step"])
        .addForeignKeyConstraint("metrics_trial", ["study", "number"], "trials", ["study", "number"], (key) =>
          key.onDelete("cascade"),
        ),
    ).compile(),

    schema
      .createTable("artifacts")
      .addColumn("study", "integer", (column) => column.notNull())
      .addColumn("number", "integer", (column) => column.notNull())
      .addColumn("attempt", "integer", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("bytes", bytes, (column) => column.notNull())
      .addColumn("intermediate", "text")
      .addColumn("created_at", "double precision", (column) => column.notNull())
      .addPrimaryKeyConstraint("artifacts_key", ["study", "number", "attempt", "name"])
      .addForeignKeyConstraint("artifacts_trial", ["study", "number"], "trials", ["study", "number"], (key) =>
        key.onDelete("cascade"),
      )
      .compile(),
  ];
}
