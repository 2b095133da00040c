import type { TrialRecord } from "../../core/trial.ts";
import { type Completed, isCompleted, rankTrials } from "../ranking.ts";
import { remembered } from "./remembered.ts";
import type { StudyData } from "./study-view.ts";

/** Completed trials in the order of their numbers. */
export const completedOf = remembered((trials): readonly Completed[] =>
  trials.filter(isCompleted).sort((a, b) => a.number - b.number),
);

const ranked = {
  minimize: remembered((trials): readonly Completed[] => rankTrials(trials, "minimize")),
  maximize: remembered((trials): readonly Completed[] => rankTrials(trials, "maximize")),
};

/** Completed trials from the best on. */
export function rankedTrials({ trials, direction }: StudyData): readonly Completed[] {
  return ranked[direction](trials);
}

/** The largest number of a trial; 0 without trials. */
export function lastNumber(trials: readonly TrialRecord[]): number {
  return trials.reduce((last, { number }) => Math.max(last, number), 0);
}

/** At most `limit` of the items, evenly chosen, the first and last among them: a figure shows no more than so many. */
export function thinned<T>(items: readonly T[], limit: number): readonly T[] {
  return items.length <= limit
    ? items
    : Array.from({ length: limit }, (_, i) => items[Math.round((i * (items.length - 1)) / (limit - 1))]);
}
