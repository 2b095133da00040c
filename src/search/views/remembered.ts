import type { TrialRecord } from "../../core/trial.ts";

/**
 * Works something out once for a list of trials, because every view of a study needs it anew. What is worked out must not
 * be changed by whoever gets it.
 */
export function remembered<T>(work: (trials: readonly TrialRecord[]) => T): (trials: readonly TrialRecord[]) => T {
  const known = new WeakMap<readonly TrialRecord[], { readonly length: number; readonly value: T }>();
  return (trials) => {
    let found = known.get(trials);
    // The list of a study that goes on may have grown at its end.
    if (found?.length !== trials.length) {
      found = { length: trials.length, value: work(trials) };
      known.set(trials, found);
    }
    return found.value;
  };
}
