import { version } from "../../core/version.ts";
import type { WholeStudy } from "./report.ts";
import { summarize } from "./summary.ts";

/** A study as `study.json` holds it. */
export function studyJson({ study, data }: WholeStudy): object {
  const { counts, best } = summarize(data);
  return {
    tanren: version,
    study,
    counts,
    best: best === undefined ? null : { number: best.number, value: best.value, params: best.params },
    trials: data.trials,
  };
}
