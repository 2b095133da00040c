import type { Kysely, RawBuilder } from "kysely";
import { jsonText } from "../../core/plain-json.ts";
import type { LeaseRow } from "./lease-watch.ts";
import { insertMetrics } from "./metrics.ts";
import { isReadable, unpackIntermediate } from "./study-rows.ts";
import { type ClaimedTrial, type ClaimOptions, checkpointName, type KnownTrials } from "./study-store.ts";
import type { StudyTables } from "./tables.ts";
import { failDamaged, leaseRows, takeBackExpired } from "./trial-ends.ts";
import { forWriting, lockStudy, type Unit } from "./trial-locks.ts";

export interface ClaimContext {
  /** Unique to this call, the same when it is repeated. */
  readonly claim: string;
  /** The finished and running trials as the transaction sees them. */
  view(finished: number): Promise<KnownTrials>;
  /** Which of the running trials have leases that ran out. */
  expired(running: readonly LeaseRow[], now: number): LeaseRow[];
  /** Told of trials that wait again because their leases ran out. */
  returned(numbers: readonly number[]): Promise<void>;
}

/** Whether a claim could find anything, without locking: workers that wait must not hinder those that work. */
export async function anythingToClaim(
  db: Kysely<StudyTables>,
  study: number,
  clock: RawBuilder<number>,
  expired: ClaimContext["expired"],
): Promise<boolean> {
  const row = await db
    .selectFrom("trials")
    .select("number")
    .where("study", "=", study)
    .where("state", "=", "waiting")
    .limit(1)
    .executeTakeFirst();
  return row !== undefined || (await expiredNow(db, study, clock, expired)).length > 0;
}

/** The running trials of a study whose leases have run out, without locking. */
export async function expiredNow(
  db: Kysely<StudyTables>,
  study: number,
  clock: RawBuilder<number>,
  expired: ClaimContext["expired"],
): Promise<LeaseRow[]> {
  const running = await leaseRows(db, study);
  if (running.length === 0) {
    return [];
  }
  const { now } = await db
    .selectFrom("studies")
    .select(clock.as("now"))
    .where("id", "=", study)
    .executeTakeFirstOrThrow();
  return expired(running, now);
}

/** Takes back, chooses, samples and starts. All in the caller's transaction. */
export async function claimTrial(
  unit: Unit,
  study: number,
  options: ClaimOptions,
  context: ClaimContext,
): Promise<ClaimedTrial | null> {
  const { tx } = unit;
  const { revision, finished, next_number: next, now } = await lockStudy(unit, study);
  if (unit.again) {
    const mine = await tx
      .selectFrom("trials")
      .select(["number", "attempt", "params", "distributions", "attributes", "seen"])
      .where("study", "=", study)
      .where("state", "=", "running")
      .where("claim", "=", context.claim)
      .executeTakeFirst();
    if (mine !== undefined) {
      // Heard of only now: its lease begins now.
      await tx
        .updateTable("trials")
        .set({ lease_until: now + options.leaseMs })
        .where("study", "=", study)
        .where("number", "=", mine.number)
        .execute();
      return { ...begun(study, mine), checkpoint: await checkpointOf(unit, study, mine.number, mine.attempt) };
    }
  }
  // Whoever was sent for one trial leaves the others' leases to those who look for any.
  const back =
    options.number === undefined
      ? await takeBackExpired(
          unit,
          study,
          revision,
          context.expired(await leaseRows(tx, study), now),
          options.maxAttempts,
        )
      : { taken: 0, waiting: [] as number[] };
  await context.returned(back.waiting);
  // A trial that failed for good just now is one more that has finished.
  let done = finished + back.taken - back.waiting.length;

  const columns = ["number", "attempt", "params", "distributions", "attributes", "seen"] as const;
  const nextWaiting = () =>
    forWriting(
      unit,
      tx
        .selectFrom("trials")
        .select(columns)
        .where("study", "=", study)
        .where("state", "=", "waiting")
        .$if(options.number !== undefined, (query) => query.where("number", "=", options.number!))
        .orderBy("number")
        .limit(1),
    ).executeTakeFirst();
  let trial = await nextWaiting();
  // One whose row cannot be read ends here, and those behind it have their turn.
  for (; trial !== undefined && !isReadable(trial); trial = await nextWaiting()) {
    await failDamaged(unit, { study, number: trial.number, attempt: trial.attempt });
    done += 1;
  }
  const isNew = trial === undefined;
  if (trial === undefined) {
    if (options.create !== true || options.number !== undefined) {
      return null;
    }
    trial = { number: next, attempt: 1, params: "{}", distributions: "{}", attributes: "{}", seen: null };
  }

  if (trial.seen === null) {
    const attributes = JSON.parse(trial.attributes);
    const sampled = options.sample?.(await context.view(done), trial.number, attributes);
    trial = {
      ...trial,
      params: JSON.stringify(sampled?.params ?? {}),
      distributions: JSON.stringify(sampled?.distributions ?? {}),
      attributes: jsonText({ ...attributes, ...sampled?.attributes }),
      seen: done,
    };
  }
  const begin = {
    ...trial,
    state: "running" as const,
    worker: options.worker,
    claim: context.claim,
    lease_until: now + options.leaseMs,
    started_at: now,
    revision,
  };
  if (isNew) {
    await tx
      .insertInto("trials")
      .values({ ...begin, study, lost: 0 })
      .execute();
    await tx
      .updateTable("studies")
      .set({ next_number: next + 1 })
      .where("id", "=", study)
      .execute();
  } else {
    await tx.updateTable("trials").set(begin).where("study", "=", study).where("number", "=", trial.number).execute();
  }
  const { number, attempt } = trial;
  await tx.insertInto("attempts").values({ study, number, attempt, worker: options.worker, started_at: now }).execute();
  return { ...begun(study, trial), checkpoint: await goOn(unit, study, number, attempt) };
}

function begun(
  study: number,
  row: {
    number: number;
    attempt: number;
    params: string;
    distributions: string;
    attributes: string;
    seen: number | null;
  },
): Omit<ClaimedTrial, "checkpoint"> {
  return {
    study,
    number: row.number,
    attempt: row.attempt,
    params: JSON.parse(row.params),
    distributions: JSON.parse(row.distributions),
    attributes: JSON.parse(row.attributes),
    seen: row.seen ?? 0,
  };
}

/** The last checkpoint of the attempts before; what had been reported until then becomes this attempt's. */
async function goOn(unit: Unit, study: number, number: number, attempt: number): Promise<ClaimedTrial["checkpoint"]> {
  const checkpoint = await checkpointOf(unit, study, number, attempt);
  if (checkpoint !== null && checkpoint.intermediate.length > 0) {
    await insertMetrics(unit, { study, number, attempt }, checkpoint.intermediate);
  }
  return checkpoint;
}

async function checkpointOf(
  { tx }: Unit,
  study: number,
  number: number,
  attempt: number,
): Promise<ClaimedTrial["checkpoint"]> {
  if (attempt === 1) {
    return null;
  }
  const row = await tx
    .selectFrom("artifacts")
    .select(["bytes", "intermediate"])
    .where("study", "=", study)
    .where("number", "=", number)
    .where("name", "=", checkpointName)
    .where("attempt", "<", attempt)
    .orderBy("attempt", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) {
    return null;
  }
  try {
    return { bytes: new Uint8Array(row.bytes), intermediate: unpackIntermediate(row.intermediate ?? "[[],[]]") };
  } catch {
    // What was reported until then cannot be read: the attempt begins anew.
    return null;
  }
}
