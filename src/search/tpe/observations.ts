import type { Direction, Distribution, ParameterValue, TrialRecord } from "../../core/trial.ts";
import { sign, violation } from "../ranking.ts";

/** The trials that TPE learns from, in order of their numbers, parted into the good and the others. */
export interface Split {
  /** How many there are. */
  readonly count: number;
  readonly good: readonly TrialRecord[];
  readonly other: readonly TrialRecord[];
}

/** How many trials are good: a tenth of them, rounded up, at most 25. */
export function goodCount(trials: number): number {
  return Math.min(Math.ceil(0.1 * trials), 25);
}

/**
 * Parts trials: complete ones by value; pruned ones behind them, those that got further first, by their last value; those
 * that reported nothing last. With constraints, feasible before infeasible, those by total violation. The earlier of equals
 * is the better. Failed trials are left out.
 */
export function splitTrials(trials: readonly TrialRecord[], direction: Direction): Split {
  const usable = trials.filter(({ state }) => state === "complete" || state === "pruned");
  const count = usable.length;
  const order = Array.from({ length: count }, (_, i) => i);
  const constrained = usable.some(({ constraints }) => constraints !== undefined);
  const violations = constrained
    ? usable.map((trial) => (trial.constraints === undefined ? Number.POSITIVE_INFINITY : violation(trial)))
    : undefined;
  const wanted = goodCount(count);
  const feasible = violations?.filter((v) => v === 0).length ?? count;
  if (violations !== undefined && feasible <= wanted) {
    order.sort((i, j) => compare(violations[i], violations[j]));
  } else {
    const steps = new Float64Array(count);
    const values = new Float64Array(count);
    for (const [i, trial] of usable.entries()) {
      [steps[i], values[i]] = rank(trial, sign(direction));
    }
    order.sort(
      (i, j) =>
        (violations === undefined ? 0 : Number(violations[i] > 0) - Number(violations[j] > 0)) ||
        compare(steps[i], steps[j]) ||
        compare(values[i], values[j]),
    );
  }
  const isGood = new Uint8Array(count);
  for (const i of order.slice(0, wanted)) {
    isGood[i] = 1;
  }
  return { count, good: usable.filter((_, i) => isGood[i] === 1), other: usable.filter((_, i) => isGood[i] === 0) };
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rank(trial: TrialRecord, s: 1 | -1): [step: number, value: number] {
  if (trial.state === "complete") {
    return [-Infinity, s * (trial.value ?? Number.POSITIVE_INFINITY)];
  }
  const last = trial.intermediate.at(-1);
  return last === undefined ? [1, 0] : [-last.step, last.value === null ? Infinity : s * last.value];
}

/** The values of one parameter in the trials that have it: numbers as they are, categories by their place. */
export function column(trials: readonly TrialRecord[], name: string, distribution: Distribution): Float64Array {
  const places = distribution.kind === "category" ? placesOf(distribution.choices) : undefined;
  const values = new Float64Array(trials.length);
  let count = 0;
  for (const { params } of trials) {
    const value = params[name];
    const number = value === undefined ? undefined : places === undefined ? value : places.get(value);
    if (typeof number === "number") {
      values[count++] = number;
    }
  }
  return values.subarray(0, count);
}

function placesOf(choices: readonly ParameterValue[]): Map<ParameterValue, number> {
  return new Map(choices.map((choice, i) => [choice, i]));
}
