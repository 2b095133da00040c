import type { Direction, TrialRecord } from "../core/trial.ts";

/** A trial that has a value: a number, ±Infinity among them. */
export type Completed = TrialRecord & { readonly value: number };

/** What decides a trial's rank. */
export type Ranked = Pick<TrialRecord, "number" | "constraints"> & { readonly value: number };

/**
 * How much a trial violates its constraints: the sum of the positive ones; 0 when all are met or there are none. One that
 * is not a number cannot be said to be met, so it counts as +Infinity.
 */
export function violation({ constraints = [] }: Pick<TrialRecord, "constraints">): number {
  let sum = 0;
  for (const constraint of constraints) {
    sum += constraint <= 0 ? 0 : Number.isNaN(constraint) ? Number.POSITIVE_INFINITY : constraint;
  }
  return sum;
}

/** Whether every constraint of the trial is met. */
export function isFeasible(trial: Pick<TrialRecord, "constraints">): boolean {
  return violation(trial) === 0;
}

/** 1 to minimize, −1 to maximize: what to multiply a value by so that smaller is better. */
export function sign(direction: Direction): 1 | -1 {
  return direction === "minimize" ? 1 : -1;
}

export function isCompleted(trial: TrialRecord): trial is Completed {
  return trial.state === "complete" && trial.value !== null && !Number.isNaN(trial.value);
}

/** Negative when `a` is the better value, in the order of the numbers: to minimize, −Infinity is best, +Infinity worst. */
export function compareValues(a: number, b: number, direction: Direction): number {
  return a === b ? 0 : a < b === (direction === "minimize") ? -1 : 1;
}

/**
 * Negative when `a` ranks before `b`: feasible before infeasible, infeasible by how much they violate, then by value; the
 * earlier of equals first. Every table, figure and list of trials goes by this order.
 */
export function compareTrials(a: Ranked, b: Ranked, direction: Direction): number {
  return compareRanks(a, violation(a), b, violation(b), direction);
}

function compareRanks(a: Ranked, violationA: number, b: Ranked, violationB: number, direction: Direction): number {
  if (violationA !== violationB) {
    return violationA < violationB ? -1 : 1;
  }
  return compareValues(a.value, b.value, direction) || a.number - b.number;
}

/** The completed trials from the best on. */
export function rankTrials(trials: readonly TrialRecord[], direction: Direction): Completed[] {
  // Each violation is summed once, not at each of the many comparisons.
  const completed = trials.filter(isCompleted);
  const violations = Float64Array.from(completed, violation);
  const order = Uint32Array.from(completed, (_, i) => i);
  order.sort((a, b) => compareRanks(completed[a], violations[a], completed[b], violations[b], direction));
  return Array.from(order, (i) => completed[i]);
}

/** The better of the best so far and a trial that has just ended: the one rule for what "best" is. */
export function betterOf(best: Completed | undefined, trial: TrialRecord, direction: Direction): Completed | undefined {
  const counts = isCompleted(trial) && isFeasible(trial);
  return counts && (best === undefined || compareTrials(trial, best, direction) < 0) ? trial : best;
}

/**
 * The best trial: complete, keeping every constraint, of the best value; the earliest of equals. Undefined while no
 * complete trial keeps its constraints.
 */
export function bestTrial(trials: readonly TrialRecord[], direction: Direction): Completed | undefined {
  let best: Completed | undefined;
  for (const trial of trials) {
    best = betterOf(best, trial, direction);
  }
  return best;
}
