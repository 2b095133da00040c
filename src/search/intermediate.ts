import type { Direction, Intermediate } from "../core/trial.ts";

/** Adds what was reported at a step that is not there yet; at the end, most of the time. */
export function addInOrder(intermediate: Intermediate[], entry: Intermediate): void {
  let at = intermediate.length;
  while (at > 0 && intermediate[at - 1].step > entry.step) {
    at--;
  }
  intermediate.splice(at, 0, entry);
}

/** The best of reported values; NaN when none is a number. */
export function bestReported(intermediate: readonly Intermediate[], direction: Direction): number {
  let best = Number.NaN;
  for (const { value } of intermediate) {
    if (value !== null && !(direction === "minimize" ? value >= best : value <= best)) {
      best = value;
    }
  }
  return best;
}

/** What was reported at `step`: a number, null when it was none, undefined when nothing was. */
export function reportedAt(intermediate: readonly Intermediate[], step: number): number | null | undefined {
  let low = 0;
  let high = intermediate.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const entry = intermediate[middle];
    if (entry.step === step) {
      return entry.value;
    }
    if (entry.step < step) {
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return undefined;
}

/** When a pruner may decide. */
export interface PruningTimes {
  readonly warmupSteps: number;
  readonly intervalSteps: number;
}

/**
 * Whether the trial's last report is one to decide at: past the warm-up, and the first at or after one of the steps
 * warm-up, warm-up + interval, …
 */
export function isTimeToPrune(
  intermediate: readonly Intermediate[],
  { warmupSteps, intervalSteps }: PruningTimes,
): boolean {
  const last = intermediate.at(-1);
  if (last === undefined || last.step < warmupSteps) {
    return false;
  }
  const due = Math.floor((last.step - warmupSteps) / intervalSteps) * intervalSteps + warmupSteps;
  return (intermediate.at(-2)?.step ?? -1) < due;
}
