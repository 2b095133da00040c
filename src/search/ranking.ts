import { oneOf } from "../core/checks.ts";
import { type Direction, directions, type TrialRecord } from "../core/trial.ts";

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
 * @throws HyperError on an unknown direction
 */
export function compareTrials(a: Ranked, b: Ranked, direction: Direction): number {
  oneOf("study", "direction", direction, directions);
  return compareRanks(a, violation(a), b, violation(b), direction);
}

function compareRanks(a: Ranked, violationA: number, b: Ranked, violationB: number, direction: Direction): number {
  if (violationA !== violationB) {
    return violationA < violationB ? -1 : 1;
  }
  return compareValues(a.value, b.value, direction) || a.number - b.number;
}

/** The completed trials from the best on. @throws HyperError on an unknown direction */
export function rankTrials(trials: readonly TrialRecord[], direction: Direction): Completed[] {
  oneOf("study", "direction", direction, directions);
  const completed = trials.filter(isCompleted);
  if (completed.some(({ number }, i) => i > 0 && number < completed[i - 1].number)) {
    completed.sort((a, b) => a.number - b.number);
  }
  const feasible: Completed[] = [];
  const infeasible: { readonly trial: Completed; readonly violation: number }[] = [];
  for (const trial of completed) {
    // Each violation is summed once, not at each of the many comparisons.
    const by = violation(trial);
    if (by === 0) {
      feasible.push(trial);
    } else {
      infeasible.push({ trial, violation: by });
    }
  }
  infeasible.sort((a, b) => compareRanks(a.trial, a.violation, b.trial, b.violation, direction));
  return [...byValue(feasible, direction), ...infeasible.map(({ trial }) => trial)];
}

/**
 * The trials from the best value on, the earlier of equals first. Numbers alone are sorted, and each trial looks its place
 * up: of 100,000 trials that takes a tenth of what comparing them does.
 * @param trials by their numbers
 */
function byValue(trials: readonly Completed[], direction: Direction): Completed[] {
  // A zero is a zero, whatever its sign.
  const costs = Float64Array.from(trials, ({ value }) => sign(direction) * value + 0);
  const sorted = costs.slice().sort();
  const equals = new Uint32Array(trials.length);
  const ranked = new Array<Completed>(trials.length);
  trials.forEach((trial, i) => {
    let [from, to] = [0, sorted.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (sorted[middle] < costs[i]) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    ranked[from + equals[from]++] = trial;
  });
  return ranked;
}

/** The better of the best so far and a trial that has just ended: the one rule for what "best" is. */
export function betterOf(best: Completed | undefined, trial: TrialRecord, direction: Direction): Completed | undefined {
  const counts = isCompleted(trial) && isFeasible(trial);
  // Both keep their constraints: neither violates them by more.
  return counts && (best === undefined || compareRanks(trial, 0, best, 0, direction) < 0) ? trial : best;
}

/**
 * The best trial: complete, keeping every constraint, of the best value; the earliest of equals. Undefined while no
 * complete trial keeps its constraints.
 * @throws HyperError on an unknown direction
 */
export function bestTrial(trials: readonly TrialRecord[], direction: Direction): Completed | undefined {
  oneOf("study", "direction", direction, directions);
  let best: Completed | undefined;
  for (const trial of trials) {
    best = betterOf(best, trial, direction);
  }
  return best;
}
