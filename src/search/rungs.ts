import { fromJsonNumber, type JsonNumber, toJsonNumber } from "../core/json-number.ts";
import type { TrialRecord } from "../core/trial.ts";
import type { PrunerView, Verdict } from "./pruner.ts";

export interface RungSettings {
  /** Steps to the first rung of `minEarlyStoppingRate` 0; undefined: a hundredth of the longest complete trial. */
  readonly minResource: number | undefined;
  readonly reductionFactor: number;
  /** How many rungs are left out at the start. */
  readonly minEarlyStoppingRate: number;
  readonly bootstrapCount: number;
}

/** What a pruner of rungs keeps with a trial. */
const keys = { values: "pruner:rungs", minResource: "pruner:minResource" } as const;

/** The values a trial had at the rungs it has reached. */
function rungsOf(trial: TrialRecord): readonly number[] {
  const kept = (trial.attributes[keys.values] as readonly (JsonNumber | null)[] | undefined) ?? [];
  // Studies of Tanren 0.1 have null where the value was infinite.
  return kept.map((value) => (value === null ? Number.NaN : fromJsonNumber(value, keys.values)));
}

/** Steps of the longest complete trial; undefined when none is complete or none has reported. */
export function longestTrial(trials: readonly TrialRecord[]): number | undefined {
  let longest: number | undefined;
  for (const { state, intermediate } of trials) {
    const step = state === "complete" ? intermediate.at(-1)?.step : undefined;
    if (step !== undefined && (longest === undefined || step > longest)) {
      longest = step;
    }
  }
  return longest;
}

/** What the first trial that needed it took for the study's; every later one takes the same. */
export function agreedOn(trials: readonly TrialRecord[], key: string): number | undefined {
  for (const { attributes } of trials) {
    if (typeof attributes[key] === "number") {
      return attributes[key];
    }
  }
  return undefined;
}

/**
 * Asynchronous successive halving (Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning, §3): at each rung
 * a trial goes on when its value is among the best 1/η that have been recorded there; the best always does.
 */
export function judgeByRungs(view: PrunerView, settings: RungSettings): Verdict {
  const { trial, others, direction } = view;
  const last = trial.intermediate.at(-1);
  if (last === undefined) {
    return { prune: false };
  }
  const agreed = settings.minResource ?? agreedOn([trial, ...others], keys.minResource);
  const longest = agreed === undefined ? longestTrial(others) : undefined;
  const minResource = agreed ?? (longest === undefined ? undefined : Math.max(Math.floor(longest / 100), 1));
  if (minResource === undefined) {
    return { prune: false };
  }
  const values = [...rungsOf(trial)];
  const before = values.length;
  const verdict = (prune: boolean): Verdict => ({
    prune,
    attributes: {
      ...(values.length > before ? { [keys.values]: values.map(toJsonNumber) } : {}),
      ...(longest === undefined ? {} : { [keys.minResource]: minResource }),
    },
  });
  for (;;) {
    const rung = values.length;
    if (last.step < minResource * settings.reductionFactor ** (settings.minEarlyStoppingRate + rung)) {
      return verdict(false);
    }
    if (last.value === null) {
      return verdict(true);
    }
    const there = others
      .map((other) => rungsOf(other)[rung])
      .filter((value) => value !== undefined && !Number.isNaN(value));
    there.push(last.value);
    values.push(last.value);
    if (there.length <= settings.bootstrapCount) {
      return verdict(true);
    }
    there.sort(direction === "minimize" ? (a, b) => a - b : (a, b) => b - a);
    const bar = there[Math.max(Math.floor(there.length / settings.reductionFactor) - 1, 0)];
    if (direction === "minimize" ? last.value > bar : last.value < bar) {
      return verdict(true);
    }
  }
}
