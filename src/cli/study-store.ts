import { studyPlace } from "../node/paths.ts";
import { isPostgres } from "../node/store/store-address.ts";
import type { StudyQueue } from "../node/study/queue.ts";
import type { StudyData } from "../search/views/study-view.ts";
import type { SqlStudyStore } from "../store/studies/sql-study-store.ts";
import type { StudyRecord, StudyStore } from "../store/studies/study-store.ts";
import type { CliContext } from "./context.ts";
import { valueNameOfStudy } from "./study-objective.ts";

/** The text of `--store` in every command about studies. */
export const storeOption = "where studies are kept: a file, or postgres://user:password@host/database";

/** The SQL behind studies is three hundred files, which no other command should wait for. */
export async function openStudyStore(where: string): Promise<SqlStudyStore> {
  const studies = await import("../node/store/study-store.ts");
  return studies.openStudyStore(where);
}

async function openQueue(store: SqlStudyStore, where: string): Promise<StudyQueue> {
  const queues = await import("../node/study/queue.ts");
  return queues.StudyQueue.open(store, where);
}

/** Opens the store asked for, or the user's own, and closes it in the end. @throws DataError */
export async function withStudyStore<T>(
  given: string | undefined,
  context: CliContext,
  use: (store: StudyStore) => Promise<T>,
): Promise<T> {
  const store = await openStudyStore(given ?? studyPlace(context.env));
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/**
 * As {@link withStudyStore}, with the queue that brings trials to workers on other machines: whoever makes trials wait must
 * have it open. There is none beside a file.
 */
export async function withStudyQueue<T>(
  given: string | undefined,
  context: CliContext,
  use: (store: SqlStudyStore, queue: StudyQueue | undefined) => Promise<T>,
): Promise<T> {
  const where = given ?? studyPlace(context.env);
  const store = await openStudyStore(where);
  try {
    const queue = isPostgres(where) ? await openQueue(store, where) : undefined;
    try {
      return await use(store, queue);
    } finally {
      await queue?.close();
    }
  } finally {
    await store.close();
  }
}

/** A study with its trials as the views take them. @param options whether with what they reported @throws DataError when there is none of that name */
export async function wholeStudy(
  store: StudyStore,
  name: string,
  now: number,
  options: { readonly reports?: boolean } = {},
): Promise<{ readonly study: StudyRecord; readonly data: StudyData }> {
  const { study, trials } = await store.loadStudy(name, options);
  return { study, data: { trials, direction: study.direction, now, ...valueNameOfStudy(study) } };
}
