import type { Kysely, RawBuilder, Selectable, SelectQueryBuilder } from "kysely";
import { DataError } from "../../core/errors.ts";
import type { SqlKind } from "./migrations.ts";
import { isReadable } from "./study-rows.ts";
import { type Lease, StaleAttemptError } from "./study-store.ts";
import type { StudyRow, StudyTables, TrialRow } from "./tables.ts";

/** A transaction and what it needs to know. */
export interface Unit {
  readonly tx: Kysely<StudyTables>;
  readonly kind: SqlKind;
  /** The database's time, in milliseconds since 1970. */
  readonly clock: RawBuilder<number>;
  /** The transaction before may have been committed although its caller never heard of it. */
  readonly again: boolean;
}

/**
 * Locks a study until the end of the transaction and gives this change its revision. All that begins or ends trials
 * goes through here, so revisions and places among the finished are given in the order of commits.
 * @throws DataError when the study was deleted
 */
export async function lockStudy(
  { tx, clock }: Unit,
  study: number,
  finishing = false,
): Promise<Pick<Selectable<StudyRow>, "revision" | "finished" | "next_number"> & { readonly now: number }> {
  const row = await tx
    .updateTable("studies")
    .set((eb) => ({
      revision: eb("revision", "+", 1),
      ...(finishing ? { finished: eb("finished", "+", 1) } : {}),
    }))
    .where("id", "=", study)
    .returning(["revision", "finished", "next_number", clock.as("now")])
    .executeTakeFirst();
  if (row === undefined) {
    throw new DataError({
      en: "study store: the study must still be there, got one that was deleted. Begin it anew.",
      ja: "study store: 対象の study が削除されています。新しく始めてください。",
    });
  }
  return row;
}

/** Locks the rows a query reads until the end of the transaction; SQLite's transaction has locked everything. */
export function forWriting<DB, TB extends keyof DB, O>(
  { kind }: Unit,
  query: SelectQueryBuilder<DB, TB, O>,
): SelectQueryBuilder<DB, TB, O> {
  return kind === "postgres" ? query.forNoKeyUpdate() : query;
}

/**
 * Locks the trial of a lease.
 * @throws StaleAttemptError when the lease's attempt is not the one that runs
 */
export async function fence(
  unit: Unit,
  lease: Lease,
): Promise<Pick<TrialRow, "lost" | "seen" | "params" | "distributions" | "attributes">> {
  const row = await forWriting(
    unit,
    unit.tx
      .selectFrom("trials")
      .select(["state", "attempt", "lost", "seen", "params", "distributions", "attributes"])
      .where("study", "=", lease.study)
      .where("number", "=", lease.number),
  ).executeTakeFirst();
  if (row === undefined || row.state !== "running" || row.attempt !== lease.attempt) {
    throw new StaleAttemptError(
      lease,
      row === undefined
        ? { en: "no such trial", ja: "その試行はありません" }
        : {
            en: `a ${row.state} one, attempt ${row.attempt}`,
            ja: `現在は ${row.attempt} 回目で、状態は ${row.state} です`,
          },
    );
  }
  return row;
}

/**
 * As {@link fence}, for who adds to what the row holds. One that cannot be read is written no more: its lease runs out, and
 * whoever claims the trial next ends it.
 * @throws StaleAttemptError
 */
export async function readableFence(unit: Unit, lease: Lease): Promise<Awaited<ReturnType<typeof fence>>> {
  const row = await fence(unit, lease);
  if (!isReadable(row)) {
    throw new StaleAttemptError(lease, { en: "one whose row is damaged", ja: "行が壊れています" });
  }
  return row;
}

/** How an attempt that counted ended, if it did and was this lease's. Tells a call that it has already done its work. */
export async function endOf({ tx }: Unit, lease: Lease): Promise<string | null> {
  const row = await tx
    .selectFrom("attempts")
    .select("outcome")
    .where("study", "=", lease.study)
    .where("number", "=", lease.number)
    .where("attempt", "=", lease.attempt)
    .executeTakeFirst();
  return row?.outcome ?? null;
}
