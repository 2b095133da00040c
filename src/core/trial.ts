/** What a hyper-parameter of a search may be. */
export type ParameterValue = number | string | boolean | null;

/** Where a hyper-parameter's value comes from; plain JSON, kept with every trial that drew from it. */
export type Distribution =
  | {
      readonly kind: "real";
      readonly low: number;
      /** Included. */
      readonly high: number;
      /** `linear` when absent; `log` needs low > 0 and takes no step. */
      readonly scale?: "linear" | "log";
      /** Values are low, low + step, …; any value in the range when absent. */
      readonly step?: number;
    }
  | {
      readonly kind: "int";
      readonly low: number;
      readonly high: number;
      readonly scale?: "linear" | "log";
      /** 1 when absent. */
      readonly step?: number;
    }
  | { readonly kind: "category"; readonly choices: readonly ParameterValue[] };

/** Named distributions, in the order in which they were declared. */
export type SearchSpace = Readonly<Record<string, Distribution>>;

export const directions = ["minimize", "maximize"] as const;
export type Direction = (typeof directions)[number];

/**
 * `waiting`: asked for, not begun. `running`: an attempt works on it. The others are final: `complete` has a value,
 * `pruned` was stopped early, `failed` raised an error or gave no number.
 */
export const trialStates = ["waiting", "running", "complete", "pruned", "failed"] as const;
export type TrialState = (typeof trialStates)[number];

/** A value that a trial reported on its way; steps are whatever the objective counts. */
export interface Intermediate {
  readonly step: number;
  /** null when it was not a number. */
  readonly value: number | null;
}

/** One trial of a study as it is recorded: plain JSON. */
export interface TrialRecord {
  /** From 0, in the order in which trials were asked for. */
  readonly number: number;
  readonly state: TrialState;
  /** The objective, ±Infinity included, never NaN; null until `complete`, or a pruned trial's last intermediate value. */
  readonly value: number | null;
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly distributions: SearchSpace;
  /** By step, ascending. Only those of the attempt that counts. */
  readonly intermediate: readonly Intermediate[];
  /** Each must be ≤ 0 for a feasible trial, so NaN is not met; absent when the study has no constraints. */
  readonly constraints?: readonly number[];
  /** What the objective or the sampler noted: plain JSON, in which NaN and ±Infinity are words. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** 1 for the first attempt; each retry counts one more. */
  readonly attempt: number;
  /** Milliseconds since 1970; null until then. */
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Why it failed, in a sentence. */
  readonly error?: string;
}
