import { percentile } from "../core/percentile.ts";
import { bestReported, isTimeToPrune, type PruningTimes, reportedAt } from "./intermediate.ts";
import type { PrunerView, Verdict } from "./pruner.ts";
import { sign } from "./ranking.ts";

export interface PercentileSettings extends PruningTimes {
  /** Of the other trials' values, in (0, 100): trials outside the best so many percent are pruned. */
  readonly percentile: number;
  readonly startupTrials: number;
  readonly minTrials: number;
}

/** Prunes a trial whose best value so far is worse than a percentile of what complete trials had reported at its step. */
export function judgeByPercentile(view: PrunerView, settings: PercentileSettings): Verdict {
  const { trial, others, direction } = view;
  const complete = others.filter(({ state }) => state === "complete");
  const last = trial.intermediate.at(-1);
  if (
    complete.length === 0 ||
    complete.length < settings.startupTrials ||
    last === undefined ||
    !isTimeToPrune(trial.intermediate, settings)
  ) {
    return { prune: false };
  }
  const best = bestReported(trial.intermediate, direction);
  if (Number.isNaN(best)) {
    return { prune: true };
  }
  const there = complete
    .map(({ intermediate }) => reportedAt(intermediate, last.step))
    .filter((value) => value !== undefined);
  const numbers = there.filter((value) => value !== null);
  if (there.length < settings.minTrials || numbers.length === 0) {
    return { prune: false };
  }
  const bar = percentile(numbers, direction === "minimize" ? settings.percentile : 100 - settings.percentile);
  return { prune: sign(direction) * best > sign(direction) * bar };
}
