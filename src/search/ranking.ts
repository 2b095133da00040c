import type { Direction, TrialRecord } from "../core/trial.ts";

/** How much a trial violates its constraints: the sum of the positive ones; 0 when all are met or there are none. */
export function violation(trial: Pick<TrialRecord, "constraints">): number {
  return (trial.constraints ?? []).reduce((sum, constraint) => sum + Math.max(0, constraint), 0);
}

/** Whether every constraint of the trial is met. */
export function isFeasible(trial: Pick<TrialRecord, "constraints">): boolean {
  return violation(trial) === 0;
}

/** 1 to minimize, −1 to maximize: what to multiply a value by so that smaller is better. */
export function sign(direction: Direction): 1 | -1 {
  return direction === "minimize" ? 1 : -1;
}

/**
 * The best complete trial: feasible before infeasible, infeasible by total violation, then by value, the earliest of equals.
 * Undefined when no trial is complete.
 */
export function bestTrial(trials: readonly TrialRecord[], direction: Direction): TrialRecord | undefined {
  const s = sign(direction);
  let best: TrialRecord | undefined;
  for (const trial of trials) {
    if (trial.state !== "complete" || trial.value === null) {
      continue;
    }
    if (best === undefined || compare(trial, best) < 0) {
      best = trial;
    }
  }
  return best;

  function compare(a: TrialRecord, b: TrialRecord): number {
    return violation(a) - violation(b) || s * (a.value as number) - s * (b.value as number) || a.number - b.number;
  }
}
