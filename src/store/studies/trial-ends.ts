import type { Kysely } from "kysely";
import { jsonText } from "../../core/plain-json.ts";
import type { Intermediate } from "../../core/trial.ts";
import { trialError } from "../../core/trial-errors.ts";
import type { LeaseRow } from "./lease-watch.ts";
import { orNull, packConstraints, packIntermediate } from "./study-rows.ts";
import { checkpointName, defaultMaxAttempts, type Lease, type Outcome, type ReleaseOptions } from "./study-store.ts";
import type { StudyTables } from "./tables.ts";
import { lockStudy, readableFence, type Unit } from "./trial-locks.ts";

/** Ends a trial: its value, what its last attempt reported, and its place among the finished, all at once. */
export async function finishTrial(unit: Unit, lease: Lease, outcome: Outcome): Promise<void> {
  const trial = await readableFence(unit, lease);
  const { constraints, attributes, error } = outcome;
  const reported = await gather(unit, lease);
  await endAttempt(unit, lease, outcome.state);
  // Last of all, because every other worker of the study waits for it.
  const { revision, finished, now } = await lockStudy(unit, lease.study, true);
  await unit.tx
    .updateTable("trials")
    .set({
      state: outcome.state,
      value: orNull(outcome.value),
      feasible: outcome.state === "complete" ? Number((constraints ?? []).every((value) => value <= 0)) : null,
      ...(constraints === undefined ? {} : { constraints: packConstraints(constraints) }),
      ...(attributes === undefined ? {} : { attributes: jsonText({ ...JSON.parse(trial.attributes), ...attributes }) }),
      ...(error === undefined ? {} : { error }),
      ...closed(reported, now),
      finish_order: finished,
      revision,
    })
    .where("study", "=", lease.study)
    .where("number", "=", lease.number)
    .execute();
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
    const reported = await gather(unit, lease);
    const { finished, now } = await lockStudy(unit, lease.study, true);
    await unit.tx
      .updateTable("trials")
      .set({
        state: "failed",
        value: null,
        lost,
        error: options.reason ?? trialError("lostOften", lost),
        ...closed(reported, now),
        finish_order: finished,
        revision: trial.revision,
      })
      .where("study", "=", lease.study)
      .where("number", "=", lease.number)
      .execute();
  }
  await endAttempt(unit, lease, died ? "lost" : "released");
  return waits;
}

/** Ends a waiting trial whose row cannot be read. The caller holds the study's lock. */
export async function failDamaged(unit: Unit, lease: Lease): Promise<void> {
  await gather(unit, lease);
  const { finished, now, revision } = await lockStudy(unit, lease.study, true);
  await unit.tx
    .updateTable("trials")
    .set({ state: "failed", value: null, error: trialError("damaged"), ...closed([], now) })
    .set({ finish_order: finished, revision })
    .where("study", "=", lease.study)
    .where("number", "=", lease.number)
    .execute();
}

/** The leases of all running trials of a study. */
export function leaseRows(db: Kysely<StudyTables>, study: number): Promise<LeaseRow[]> {
  return db
    .selectFrom("trials")
    .select(["number", "attempt", "lost", "lease_until", "worker"])
    .where("study", "=", study)
    .where("state", "=", "running")
    .orderBy("number")
    .execute();
}

/**
 * Takes back the trials of a study whose leases have run out. The caller holds the study's lock.
 * @param rows as they were when their leases were judged; one that has changed since is left alone
 * @returns the numbers, and those of them that wait again
 */
export async function takeBackExpired(
  unit: Unit,
  study: number,
  revision: number,
  rows: readonly LeaseRow[],
  maxAttempts?: number,
): Promise<{ readonly taken: number; readonly waiting: number[] }> {
  if (rows.length === 0) {
    return { taken: 0, waiting: [] };
  }
  const query = unit.tx
    .selectFrom("trials")
    .select(["number", "attempt", "lost", "lease_until"])
    .where("study", "=", study)
    .where("state", "=", "running")
    .where(
      "number",
      "in",
      rows.map(({ number }) => number),
    )
    .orderBy("number");
  // One that is being written at this moment is not lost; to wait for it while holding the study would be a deadlock.
  const found = await (unit.kind === "postgres" ? query.forNoKeyUpdate().skipLocked() : query).execute();
  const judged = new Map(rows.map((row) => [row.number, row]));
  const expired = found.filter(({ number, attempt, lease_until }) => {
    const row = judged.get(number);
    return row?.attempt === attempt && row.lease_until === lease_until;
  });
  const waiting: number[] = [];
  for (const { number, attempt, lost } of expired) {
    const options = { lost: true, ...(maxAttempts === undefined ? {} : { maxAttempts }) };
    if (await giveBack(unit, { study, number, attempt }, { lost, revision }, options)) {
      waiting.push(number);
    }
  }
  return { taken: expired.length, waiting };
}

/** Takes what an attempt has reported out of its metrics, to be kept with the trial; its checkpoints go. */
async function gather({ tx }: Unit, { study, number, attempt }: Lease): Promise<Intermediate[]> {
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
  return reported.sort((a, b) => a.step - b.step);
}

/** What a trial's row says once nothing comes any more. */
function closed(reported: readonly Intermediate[], now: number) {
  return { intermediate: packIntermediate(reported), finished_at: now, claim: null, lease_until: null };
}

async function endAttempt({ tx, clock }: Unit, lease: Lease, outcome: string): Promise<void> {
  await tx
    .updateTable("attempts")
    .set({ outcome, ended_at: clock })
    .where("study", "=", lease.study)
    .where("number", "=", lease.number)
    .where("attempt", "=", lease.attempt)
    .execute();
}
