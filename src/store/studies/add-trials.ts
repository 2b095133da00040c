import { jsonText } from "../../core/plain-json.ts";
import { orNull, packConstraints, packIntermediate } from "./study-rows.ts";
import type { GivenTrial } from "./study-store.ts";
import { lockStudy, type Unit } from "./trial-locks.ts";

/** Rows of one statement: databases bound its values. */
const rowsAtOnce = 500;

/** Adds trials that wait, each with its attributes. The caller holds the study's lock. @returns their numbers */
export async function addWaiting(
  { tx }: Unit,
  study: number,
  { next, revision }: { readonly next: number; readonly revision: number },
  attributes: readonly string[],
): Promise<number[]> {
  const numbers = attributes.map((_, i) => next + i);
  const blank = { state: "waiting" as const, attempt: 1, lost: 0, params: "{}", distributions: "{}", revision };
  for (let from = 0; from < numbers.length; from += rowsAtOnce) {
    const rows = numbers.slice(from, from + rowsAtOnce);
    await tx
      .insertInto("trials")
      .values(rows.map((number, i) => ({ study, number, attributes: attributes[from + i], ...blank })))
      .execute();
  }
  if (numbers.length > 0) {
    await tx
      .updateTable("studies")
      .set({ next_number: next + numbers.length })
      .where("id", "=", study)
      .execute();
  }
  return numbers;
}

/** Adds trials whose results are known: complete, in their order, as if each had finished now. */
export async function addComplete(unit: Unit, study: number, trials: readonly GivenTrial[]): Promise<void> {
  for (const { params, distributions, attributes, value, constraints } of trials) {
    const { revision, finished, next_number: number, now } = await lockStudy(unit, study, true);
    await unit.tx
      .insertInto("trials")
      .values({
        ...{ study, number, revision, state: "complete", attempt: 1, lost: 0, value: orNull(value) },
        feasible: Number((constraints ?? []).every((each) => each <= 0)),
        ...(constraints === undefined ? {} : { constraints: packConstraints(constraints) }),
        ...{ params: jsonText(params), distributions: jsonText(distributions), attributes: jsonText(attributes ?? {}) },
        ...{ intermediate: packIntermediate([]), started_at: now, finished_at: now },
        ...{ seen: finished - 1, finish_order: finished },
      })
      .execute();
    await unit.tx
      .updateTable("studies")
      .set({ next_number: number + 1 })
      .where("id", "=", study)
      .execute();
  }
}
