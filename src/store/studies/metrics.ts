import type { Kysely } from "kysely";
import type { Intermediate } from "../../core/trial.ts";
import { orNull } from "./study-rows.ts";
import type { Lease } from "./study-store.ts";
import type { StudyTables } from "./tables.ts";
import type { Unit } from "./trial-locks.ts";

/** Databases bound the number of values in one statement. */
const rowsAtOnce = 500;

/** Adds what an attempt reports; of a step that it told before, the first value stays. */
export async function insertMetrics({ tx }: Unit, lease: Lease, values: readonly Intermediate[]): Promise<void> {
  const { study, number, attempt } = lease;
  for (let from = 0; from < values.length; from += rowsAtOnce) {
    await tx
      .insertInto("metrics")
      .values(
        values
          .slice(from, from + rowsAtOnce)
          .map(({ step, value }) => ({ study, number, attempt, step, value: orNull(value) })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/**
 * What the attempts that run now have reported; steps ascend. Asked for by attempt: whoever read a trial before may hold
 * one that was lost meanwhile, and what the next one reports is not its own.
 */
export async function runningMetrics(
  db: Kysely<StudyTables>,
  study: number,
  except: readonly number[] = [],
): Promise<(trial: Pick<Lease, "number" | "attempt">) => Intermediate[] | undefined> {
  const rows = await db
    .selectFrom("trials as t")
    .innerJoin("metrics as m", (join) =>
      join.onRef("m.study", "=", "t.study").onRef("m.number", "=", "t.number").onRef("m.attempt", "=", "t.attempt"),
    )
    .select(["m.number", "m.attempt", "m.step", "m.value"])
    .where("t.study", "=", study)
    .where("t.state", "=", "running")
    .$if(except.length > 0, (query) => query.where("t.number", "not in", except))
    .orderBy("m.number")
    .orderBy("m.step")
    .execute();
  const byTrial = new Map<number, { readonly attempt: number; readonly reported: Intermediate[] }>();
  for (const { number, attempt, step, value } of rows) {
    const known = byTrial.get(number);
    if (known === undefined) {
      byTrial.set(number, { attempt, reported: [{ step, value }] });
    } else {
      known.reported.push({ step, value });
    }
  }
  return ({ number, attempt }) => {
    const known = byTrial.get(number);
    return known?.attempt === attempt ? known.reported : undefined;
  };
}
