import type { Told } from "../../core/text.ts";
import { type ParameterValue, type TrialState, trialStates } from "../../core/trial.ts";
import type { ReportTable } from "../../figure/report-spec.ts";
import { bestTrial, type Completed, isFeasible } from "../ranking.ts";
import { parameterText } from "./parameter.ts";
import { parameterColumns } from "./parameter-columns.ts";
import { type StudyData, trialWord, valueNameOf } from "./study-view.ts";
import { rankedTrials } from "./trials.ts";

export const stateWords: Readonly<Record<TrialState, Told>> = {
  waiting: { en: "waiting", ja: "待機" },
  running: { en: "running", ja: "実行中" },
  complete: { en: "complete", ja: "完了" },
  pruned: { en: "pruned", ja: "枝刈り" },
  failed: { en: "failed", ja: "失敗" },
};

/** What a study comes to. */
export interface StudySummary {
  readonly counts: Readonly<Record<TrialState, number>>;
  readonly total: number;
  readonly best: Completed | undefined;
  /** Milliseconds from the first start to the last end; 0 before. */
  readonly elapsed: number;
  /** Milliseconds that trials ran, all together. */
  readonly worked: number;
}

export function summarize(study: StudyData): StudySummary {
  const { trials } = study;
  const counts = Object.fromEntries(trialStates.map((state) => [state, 0])) as Record<TrialState, number>;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let worked = 0;
  for (const { state, startedAt, finishedAt } of trials) {
    counts[state]++;
    if (startedAt !== null && finishedAt !== null) {
      first = Math.min(first, startedAt);
      last = Math.max(last, finishedAt);
      worked += finishedAt - startedAt;
    }
  }
  return {
    counts,
    total: trials.length,
    best: bestTrial(trials, study.direction),
    elapsed: last > first ? last - first : 0,
    worked,
  };
}

/** `100 trials: 80 complete, 19 pruned, 1 failed` */
export function summaryText({ counts, total }: StudySummary): Told {
  const told = (language: "en" | "ja") =>
    (["complete", "pruned", "failed", "running", "waiting"] as const)
      .filter((state) => counts[state] > 0)
      .map((state) => {
        const word = stateWords[state][language];
        return language === "en" ? `${counts[state]} ${word}` : `${word} ${counts[state]}`;
      });
  const none = total === 0;
  return {
    en: `${total} ${total === 1 ? "trial" : "trials"}${none ? "" : `: ${told("en").join(", ")}`}`,
    ja: `${total} 試行${none ? "" : `(${told("ja").join("、")})`}`,
  };
}

/** A number as a number, so that tables align it; anything else as it is shown: a choice of null is no empty cell. */
function cellOf(value: ParameterValue): string | number {
  return typeof value === "number" ? value : parameterText(value);
}

/** The best trials with their hyper-parameters. */
export function bestTable(study: StudyData, { rows = 10 }: { rows?: number } = {}): ReportTable {
  const ranked = rankedTrials(study).slice(0, rows);
  const { columns, cells } = parameterColumns(study, cellOf);
  const constrained = ranked.some(({ constraints }) => constraints !== undefined);
  return {
    columns: [
      { en: "rank", ja: "順位" },
      trialWord,
      valueNameOf(study),
      ...columns,
      ...(constrained ? [{ en: "constraints", ja: "制約" }] : []),
    ],
    rows: ranked.map((trial, i) => [
      String(i + 1),
      trial.number,
      trial.value,
      ...cells(trial),
      ...(constrained ? [isFeasible(trial) ? "✓" : "×"] : []),
    ]),
  };
}
