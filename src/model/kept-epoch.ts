import type { ModelHistory, StopEarlySettings } from "./model-state.ts";

/** Metrics of which more is better. */
const rising = /accuracy|f1|auc|r2|precision|recall/i;

/** Whether a metric's value is better than the best before it; null: there was none. */
export function isBetter(metric: string, value: number, best: number | null): boolean {
  return Number.isFinite(value) && (best === null || (rising.test(metric) ? value > best : value < best));
}

/**
 * The epoch, from 0, whose weights a training leaves: the best one where it stops early, else the last; −1 of a history
 * without epochs.
 */
export function keptEpoch(history: ModelHistory, stopEarly: StopEarlySettings | null): number {
  const [longest = []] = Object.values(history);
  const watched = stopEarly === null ? [] : (history[stopEarly.metric] ?? []);
  let kept = -1;
  watched.forEach((value, epoch) => {
    if (isBetter(stopEarly!.metric, value ?? Number.NaN, kept < 0 ? null : watched[kept])) {
      kept = epoch;
    }
  });
  return kept < 0 ? longest.length - 1 : kept;
}
