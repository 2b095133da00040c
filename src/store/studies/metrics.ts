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

/** What the attempts that run now have reported, by trial; steps ascend. */
export async function runningMetrics(
  db: Kysely<StudyTables>,
  study: number,
  except: readonly number[] = [],
): Promise<Map<number, Intermediate[]>> {
  const rows = await db
    .selectFrom("trials as t")
    .innerJoin("metrics as m", (join) =>
      join.onRef("m.study", "=", "t.study").onRef("m.number", "=", "t.number").onRef("m.attempt", "=", "t.attempt"),
    )
    .select(["m.number", "m.step", "m.value"])
    .where("t.study", "=", study)
    .where("t.state", "=", "running")
    .$if(except.length > 0, (query) => query.where("t.number", "not in", except))
    .orderBy("m.number")
    .orderBy("m.step")
    .execute();
  const byTrial = new Map<number, Intermediate[]>();
  for (const { number, step, value } of rows) {
    const list = byTrial.get(number);
    if (list === undefined) {
      byTrial.set(number, [{ step, value }]);
    } else {
      list.push({ step, value });
    }
  }
  return byTrial;
}
