import { summarize } from "../../search/views/summary.ts";
import type { OpenStudy, StudyItem } from "../../web/served/study-source.ts";

/** A study in a list, of the study itself. */
export function itemOf(id: string, { study, data, running }: OpenStudy): StudyItem {
  const { counts, total, best } = summarize(data);
  const touched = data.trials.reduce(
    (last, { finishedAt, startedAt }) => Math.max(last, finishedAt ?? startedAt ?? 0),
    0,
  );
  return {
    id,
    name: study.name,
    direction: study.direction,
    trials: total,
    complete: counts.complete,
    best: best?.value ?? null,
    touchedAt: touched || null,
    running,
  };
}
