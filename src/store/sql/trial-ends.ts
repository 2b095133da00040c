import type { Outcome } from "../study-store.ts";
import { checkpointName, defaultMaxAttempts, type Lease, type ReleaseOptions } from "../study-store.ts";
import { orNull, packIntermediate } from "./study-rows.ts";
import { fence, forWriting, lockStudy, type Unit } from "./trial-locks.ts";

/** Ends a trial: its value, what its last attempt reported, and its place among the finished, all at once. */
export async function finishTrial(unit: Unit, lease: Lease, outcome: Outcome): Promise<void> {
  const { revision, finished, now } = await lockStudy(unit, lease.study, true);
  const trial = await fence(unit, lease);
  const { constraints, attributes, error } = outcome;
  await unit.tx
    .updateTable("trials")
    .set({
      state: outcome.state,
      value: orNull(outcome.value),
      feasible: outcome.state === "complete" ? Number((constraints ?? []).every((value) => value <= 0)) : null,
      ...(constraints === undefined ? {} : { constraints: JSON.stringify(constraints) }),
      ...(attributes === undefined
        ? {}
        : { attributes: JSON.stringify({ ...JSON.parse(trial.attributes), ...attributes }) }),
      ...(error === undefined ? {} : { error }),
      ...(await closing(unit, lease, now)),
      finish_order: finished,
      revision,
    })
    .where("study", "=", lease.study)
    .where("number", "=", lease.number)
    .execute();
  await endAttempt(unit, lease, outcome.state, now);
}

/**
 * Takes a trial from its attempt. It waits for the next one, or fails when too many attempts were lost. The caller holds
 * the study's lock and has seen that the attempt runs.
 * @returns whether it waits again
 */
export async function giveBack(
  unit: Unit,
  lease: Lease,
  trial: { readonly lost: number; readonly revision: number },
  options: ReleaseOptions,
  now: number,
): Promise<boolean> {
  const { lost: died = false, maxAttempts = defaultMaxAttempts } = options;
  const lost = trial.lost + Number(died);
  const waits = !died || lost < maxAttempts;
  if (waits) {
    await unit.tx
      .updateTable("trials")
      .set({
        state: "waiting",
        attempt: lease.attempt + 1,
        lost,
        worker: null,
        claim: null,
        lease_until: null,
        revision: trial.revision,
      })
      .where("study", "=", lease.study)
      .where("number", "=", lease.number)
      .execute();
  } else {
    const { finished } = await lockStudy(unit, lease.study, true);
    await unit.tx
      .updateTable("trials")
      .set({
        state: "failed",
        value: null,
        lost,
        error: options.reason ?? `Its worker was lost ${lost} times.`,
        ...(await closing(unit, lease, now)),
        finish_order: finished,
        revision: trial.revision,
      })
      .where("study", "=", lease.study)
      .where("number", "=", lease.number)
      .execute();
  }
  await endAttempt(unit, lease, died ? "lost" : "released", now);
  return waits;
}

/**
 * Takes back every trial of a study whose lease has run out. The caller holds the study's lock.
 * @returns the numbers, and those of them that wait again
 */
export async function takeBackExpired(
  unit: Unit,
  study: number,
  revision: number,
  now: number,
  maxAttempts?: number,
): Promise<{ readonly taken: number; readonly waiting: number[] }> {
  const expired = await forWriting(
    unit,
    unit.tx
      .selectFrom("trials")
      .select(["number", "attempt", "lost"])
      .where("study", "=", study)
      .where("state", "=", "running")
      .where("lease_until", "<", now)
      .orderBy("number"),
  ).execute();
  const waiting: number[] = [];
  for (const { number, attempt, lost } of expired) {
    const options = { lost: true, ...(maxAttempts === undefined ? {} : { maxAttempts }) };
    if (await giveBack(unit, { study, number, attempt }, { lost, revision }, options, now)) {
      waiting.push(number);
    }
  }
  return { taken: expired.length, waiting };
}

/** What a trial's row says once nothing comes any more; its metrics move into it, its checkpoints go. */
async function closing({ tx }: Unit, { study, number, attempt }: Lease, now: number) {
  const reported = await tx
    .deleteFrom("metrics")
    .where("study", "=", study)
    .where("number", "=", number)
    .where("attempt", "=", attempt)
    .returning(["step", "value"])
    .execute();
  await tx
    .deleteFrom("artifacts")
    .where("study", "=", study)
    .where("number", "=", number)
    .where("name", "=", checkpointName)
    .execute();
  return {
    intermediate: packIntermediate(reported.sort((a, b) => a.step - b.step)),
    finished_at: now,
    claim: null,
    lease_until: null,
  };
}

async function endAttempt({ tx }: Unit, lease: Lease, outcome: string, now: number): Promise<void> {
  await tx
    .updateTable("attempts")
    .set({ outcome, ended_at: now })
    .where("study", "=", lease.study)
    .where("number", "=", lease.number)
    .where("attempt", "=", lease.attempt)
    .execute();
}
