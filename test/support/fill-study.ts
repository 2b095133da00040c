import type { StudyData } from "../../src/search/views/study-view.ts";
import type { SqlStudyStore } from "../../src/store/studies/sql-study-store.ts";
import { packConstraints, packIntermediate } from "../../src/store/studies/study-rows.ts";

/** Writes trials that have ended into a store in bulk: a study of 100,000 in seconds. Those that have not are left out. */
export async function fillStudy(store: SqlStudyStore, name: string, { trials, direction }: StudyData): Promise<void> {
  const { id } = await store.createStudy({
    ...{
      name,
      direction,
      seed: 0,
      sampler: { name: "tpe" },
      pruner: null,
      space: null,
      objective: null,
      constraints: 0,
    },
  });
  const ended = trials.filter(({ state }) => state !== "running" && state !== "waiting");
  const { db } = store.database;
  for (let from = 0; from < ended.length; from += 1000) {
    const rows = ended.slice(from, from + 1000).map((trial, i) => ({
      ...{ study: id, number: trial.number, state: trial.state, attempt: trial.attempt, lost: 0, value: trial.value },
      feasible: trial.state === "complete" ? Number((trial.constraints ?? []).every((each) => each <= 0)) : null,
      params: JSON.stringify(trial.params),
      distributions: JSON.stringify(trial.distributions),
      constraints: trial.constraints === undefined ? null : packConstraints(trial.constraints),
      attributes: JSON.stringify(trial.attributes),
      intermediate: packIntermediate(trial.intermediate),
      ...{ error: trial.error ?? null, started_at: trial.startedAt, finished_at: trial.finishedAt, seen: 0 },
      ...{ finish_order: from + i + 1, revision: 1 },
    }));
    await db.insertInto("trials").values(rows).execute();
  }
  await db
    .updateTable("studies")
    .set({ revision: 1, finished: ended.length, next_number: trials.length })
    .where("id", "=", id)
    .execute();
}
