import type { Direction, TrialRecord } from "../../core/trial.ts";
import { isFeasible, violation } from "../ranking.ts";
import type { StudyData } from "./study-view.ts";

/** A completed trial: its value is a number. */
export type Completed = TrialRecord & { readonly value: number };

function isCompleted(trial: TrialRecord): trial is Completed {
  return trial.state === "complete" && trial.value !== null && Number.isFinite(trial.value);
}

/** Completed trials in the order of their numbers. */
export function completedOf(trials: readonly TrialRecord[]): Completed[] {
  return trials.filter(isCompleted).sort((a, b) => a.number - b.number);
}

/** Negative when `a` is the better value. */
export function compareValues(a: number, b: number, direction: Direction): number {
  return direction === "minimize" ? a - b : b - a;
}

/** Completed trials from the best on: feasible ones first, then by how much they violate; of equals the earlier first. */
export function rankedTrials({ trials, direction }: StudyData): Completed[] {
  return completedOf(trials).sort((a, b) => violation(a) - violation(b) || compareValues(a.value, b.value, direction));
}

/** The best feasible trial; undefined while there is none. */
export function bestTrial(study: StudyData): Completed | undefined {
  const [best] = rankedTrials(study);
  return best !== undefined && isFeasible(best) ? best : undefined;
}

/** At most `limit` of the items, evenly chosen, the first and last among them: a figure shows no more than so many. */
export function thinned<T>(items: readonly T[], limit: number): readonly T[] {
  return items.length <= limit
    ? items
    : Array.from({ length: limit }, (_, i) => items[Math.round((i * (items.length - 1)) / (limit - 1))]);
}
