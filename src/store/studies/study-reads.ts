import type { Kysely } from "kysely";
import { DataError, suggest, suggestName } from "../../core/errors.ts";
import type { TrialRecord, TrialState } from "../../core/trial.ts";
import type { FinishedCache } from "./finished-cache.ts";
import { runningMetrics } from "./metrics.ts";
import {
  readable,
  readStudy,
  readTrial,
  type StudyColumns,
  spaceReader,
  studyColumns,
  type TrialColumns,
  trialColumns,
} from "./study-rows.ts";
import type {
  DamagedStudy,
  KnownTrials,
  StudyRecord,
  StudySummary,
  TrialChanges,
  TrialsOptions,
} from "./study-store.ts";
import type { StudyTables } from "./tables.ts";

type Db = Kysely<StudyTables>;

/** @throws DataError when there is none of that name, or its row is damaged */
export async function studyNamed(db: Db, name: string): Promise<StudyRecord> {
  const row = await db.selectFrom("studies").select(studyColumns).where("name", "=", name).executeTakeFirst();
  if (row === undefined) {
    const names = (await db.selectFrom("studies").select("name").execute()).map((study) => study.name);
    throw new DataError({
      en: `study ${name}: must be in the store, got no such study. ${names.length === 0 ? "The store has none yet." : suggest(name, names)}`,
      ja: `study ${name}: この名前の study はストアにありません。${names.length === 0 ? "ストアにはまだ study がありません。" : suggestName(name, names).ja}`,
    });
  }
  return readStudy(row);
}

/** The studies that have trials to be made, the oldest first. */
export async function openStudies(db: Db): Promise<StudyRecord[]> {
  const rows = await db
    .selectFrom("studies")
    .select(studyColumns)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("trials")
          .select("trials.number")
          .whereRef("trials.study", "=", "studies.id")
          .where("trials.state", "in", openStates),
      ),
    )
    .orderBy("id")
    .execute();
  return readable(rows).map(({ study }) => study);
}

const openStates = ["waiting", "running"] as const;

/** How many trials wait or run. */
export async function unfinished(db: Db, study: number): Promise<number> {
  const row = await db
    .selectFrom("trials")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("study", "=", study)
    .where("state", "in", openStates)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Every study with its counts and its best trial, the newest first. */
export async function summaries(db: Db, onDamaged?: (damaged: DamagedStudy) => void): Promise<StudySummary[]> {
  const studies = await db.selectFrom("studies").select(studyColumns).orderBy("id", "desc").execute();
  const groups = await db
    .selectFrom("trials")
    .select(({ fn }) => [
      "study",
      "state",
      fn.countAll<number>().as("count"),
      fn.min("started_at").as("started"),
      fn.max("started_at").as("begun"),
      fn.max("finished_at").as("finished"),
    ])
    .groupBy(["study", "state"])
    .execute();
  const summary: StudySummary[] = [];
  for (const { row, study } of readable(studies, onDamaged)) {
    const mine = groups.filter(({ study }) => study === row.id);
    const counts: Record<TrialState, number> = { waiting: 0, running: 0, complete: 0, pruned: 0, failed: 0 };
    for (const { state, count } of mine) {
      counts[state] = Number(count);
    }
    const times = mine.flatMap(({ started, begun, finished }) => [started, begun, finished]).filter((t) => t !== null);
    summary.push({
      ...study,
      counts,
      best: await bestOf(db, row),
      startedAt: times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b)),
      touchedAt: times.length === 0 ? null : times.reduce((a, b) => Math.max(a, b)),
    });
  }
  return summary;
}

/** The best trial of a study among those whose rows can be read. */
async function bestOf(
  db: Db,
  { id, direction }: Pick<StudyColumns, "id" | "direction">,
): Promise<StudySummary["best"]> {
  for (let passed = 0; ; passed++) {
    const row = await db
      .selectFrom("trials")
      .select(trialColumns)
      .where("study", "=", id)
      .where("state", "=", "complete")
      .where("feasible", "=", 1)
      .orderBy("value", direction === "minimize" ? "asc" : "desc")
      .orderBy("number")
      .limit(1)
      .offset(passed)
      .executeTakeFirst();
    if (row === undefined) {
      return null;
    }
    const { number, state, value } = readTrial(row);
    if (state === "complete" && value !== null) {
      return { number, value };
    }
  }
}

/** The trials that changed after a revision, and the running ones. */
export async function changes(
  db: Db,
  study: number,
  { since, reports }: Required<TrialsOptions>,
): Promise<TrialChanges> {
  // The revision is read first: a change that comes in between is given twice, never lost.
  const { revision } = await db
    .selectFrom("studies")
    .select("revision")
    .where("id", "=", study)
    .executeTakeFirstOrThrow();
  // Nearly all trials draw from one space: its text is read once instead of with each of them.
  const { distributions: usual } = (await db
    .selectFrom("trials")
    .select("distributions")
    .where("study", "=", study)
    .orderBy("number")
    .limit(1)
    .executeTakeFirst()) ?? { distributions: "{}" };
  const query = db
    .selectFrom("trials")
    .select(trialColumns.filter((column) => column !== "distributions" && column !== "intermediate"))
    .select((eb) => (reports ? eb.ref("intermediate") : eb.val<string | null>(null)).as("intermediate"))
    .select((eb) => eb.fn<string | null>("nullif", ["distributions", eb.val(usual)]).as("distributions"))
    .where("study", "=", study)
    .$if(since > 0, (query) => query.where((eb) => eb.or([eb("revision", ">", since), eb("state", "=", "running")])))
    .orderBy("number")
    .limit(page);
  const spaceOf = spaceReader();
  const trials: TrialRecord[] = [];
  let reported: ReturnType<typeof runningMetrics> | undefined;
  for (let last = -1; ; ) {
    const rows = await query.where("number", ">", last).execute();
    if (reports && rows.some(({ state }) => state === "running")) {
      reported ??= runningMetrics(db, study);
    }
    const known = await reported;
    for (const row of rows) {
      row.distributions ??= usual;
      trials.push(readTrial(row as TrialColumns, known?.(row), spaceOf));
    }
    if (rows.length < page) {
      return { revision, trials };
    }
    last = rows[rows.length - 1].number;
  }
}

/** Rows that are read at a time: of a hundred thousand at once, most of the time would go into keeping them. */
const page = 4096;

/** Reads into the cache what finished since the last look. */
export async function refresh(db: Db, study: number, cache: FinishedCache): Promise<void> {
  const query = db
    .selectFrom("trials")
    .select([...trialColumns, "finish_order"])
    .where("study", "=", study)
    .orderBy("finish_order")
    .limit(page);
  const spaceOf = spaceReader();
  for (let last = cache.finished.length; ; ) {
    const rows = await query.where("finish_order", ">", last).execute();
    for (const row of rows) {
      last = row.finish_order!;
      cache.add(last, readTrial(row, [], spaceOf));
    }
    if (rows.length < page) {
      return;
    }
  }
}

/** The trials that run now. */
export async function running(db: Db, study: number, except: readonly number[] = []): Promise<TrialRecord[]> {
  const rows = await db
    .selectFrom("trials")
    .select(trialColumns)
    .where("study", "=", study)
    .where("state", "=", "running")
    .$if(except.length > 0, (query) => query.where("number", "not in", except))
    .orderBy("number")
    .execute();
  const reported = rows.length > 0 ? await runningMetrics(db, study, except) : undefined;
  return rows.map((row) => readTrial(row, reported?.(row)));
}

export async function look(
  db: Db,
  study: number,
  cache: FinishedCache,
  except: readonly number[] = [],
): Promise<KnownTrials> {
  await refresh(db, study, cache);
  return { finished: cache.finished, running: await running(db, study, except) };
}
