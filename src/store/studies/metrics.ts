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

type Attempt = Pick<Lease, "number" | "attempt">;

/**
 * What the attempts of running trials have reported; steps ascend. Asked for by attempt: whoever read a trial before may
 * hold one that has been lost since, and what the next one reports is not its own.
 */
export async function runningMetrics(
  db: Kysely<StudyTables>,
  study: number,
  except: readonly number[] = [],
): Promise<(trial: Attempt) => Intermediate[] | undefined> {
  const rows = await db
    .selectFrom("trials as t")
    .innerJoin("metrics as m", (join) => join.onRef("m.study", "=", "t.study").onRef("m.number", "=", "t.number"))
    .select(["m.number", "m.attempt", "m.step", "m.value"])
    .where("t.study", "=", study)
    .where("t.state", "=", "running")
    .$if(except.length > 0, (query) => query.where("t.number", "not in", except))
    .orderBy("m.number")
    .orderBy("m.step")
    .execute();
  const keyOf = ({ number, attempt }: Attempt) => `${number}/${attempt}`;
  const reported = Map.groupBy(rows, keyOf);
  return (trial) => reported.get(keyOf(trial))?.map(({ step, value }) => ({ step, value }));
}
