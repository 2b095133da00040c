import { type JsonNumber, toJsonNumber } from "../../core/json-number.ts";
import { type TrialJson, toTrialJson } from "../../core/trial-json.ts";
import { version } from "../../core/version.ts";
import type { WholeStudy } from "./report.ts";
import { type StudySummary, summarize } from "./summary.ts";

/** What `study.json` holds; numbers that JSON has not are the words "NaN", "Infinity" and "-Infinity". */
export interface StudyJson {
  readonly tanren: string;
  readonly study: WholeStudy["study"];
  readonly counts: StudySummary["counts"];
  /** Null while no complete trial keeps its constraints. */
  readonly best: { readonly number: number; readonly value: JsonNumber; readonly params: TrialJson["params"] } | null;
  readonly trials: readonly TrialJson[];
}

/** A study as `study.json` holds it. */
export function studyJson({ study, data }: WholeStudy): StudyJson {
  const { counts, best } = summarize(data);
  return {
    tanren: version,
    study,
    counts,
    best: best === undefined ? null : { number: best.number, value: toJsonNumber(best.value), params: best.params },
    trials: data.trials.map(toTrialJson),
  };
}
