import { checkOptions, type OptionNames, oneOf, wholeNumber } from "../core/checks.ts";
import { checkName } from "../core/safe-name.ts";
import { waitableTime } from "../core/timers.ts";
import { type Direction, directions, type SearchSpace } from "../core/trial.ts";
import type { Json } from "../store/studies/study-store.ts";
import type { Choice } from "./choice.ts";
import type { StudyLog } from "./memory-study-log.ts";
import type { Pruner } from "./pruner.ts";
import type { Sampler } from "./sampler.ts";

export interface StudyOptions {
  /** `study` unless told; Hyperband's brackets depend on it. */
  readonly name?: string;
  /** `minimize` unless told. */
  readonly direction?: Direction;
  /** A whole number in [0, 2³²); 0 unless told. */
  readonly seed?: number;
  /** By name, or one of your own; `tpe` unless told. */
  readonly sampler?: string | Choice | Sampler;
  /** By name, or one of your own; `none` unless told. */
  readonly pruner?: string | Choice | Pruner;
  /** The whole space where it is known beforehand: all of it is then drawn when a trial begins. */
  readonly space?: SearchSpace;
  /** How many constraints each trial tells; 0 unless told. */
  readonly constraints?: number;
  /**
   * `trial`: each trial's randomness comes from (seed, number), so that trials may run in any order. `optuna`: everything
   * is drawn from one stream, as Optuna 3.1.0 does; one trial at a time.
   */
  readonly stream?: "trial" | "optuna";
  /** Where trials are kept; in memory unless told. */
  readonly log?: StudyLog;
  /** What the objective is, for whoever resumes the study. */
  readonly objective?: Json;
  /** This worker's name among those of the study. */
  readonly worker?: string;
  /** How long a trial may go without a heartbeat, in milliseconds; 60,000 unless told. */
  readonly leaseMs?: number;
  /** How many attempts at a trial may be lost before it fails; 5 unless told. */
  readonly maxAttempts?: number;
}

const optionNames: OptionNames<StudyOptions> = {
  name: true,
  direction: true,
  seed: true,
  sampler: true,
  pruner: true,
  space: true,
  constraints: true,
  stream: true,
  log: true,
  objective: true,
  worker: true,
  leaseMs: true,
  maxAttempts: true,
};

/** Makes sure that a study can be opened so; its sampler, pruner and space say what is wrong with them. @throws HyperError */
export function checkStudyOptions(options: StudyOptions): void {
  checkOptions("openStudy", options, optionNames);
  const { name = "study", direction = "minimize", seed = 0, constraints = 0, stream = "trial" } = options;
  checkName(name, "openStudy: name");
  wholeNumber("openStudy", "seed", seed, { min: 0, max: 0xffffffff });
  oneOf("openStudy", "direction", direction, directions);
  oneOf("openStudy", "stream", stream, ["trial", "optuna"]);
  wholeNumber("openStudy", "constraints", constraints, { min: 0 });
  checkLeases("openStudy", options);
}

/** How long an attempt may be silent, and how often a trial may be begun. @throws HyperError */
export function checkLeases(
  where: string,
  { leaseMs, maxAttempts }: { readonly leaseMs?: number; readonly maxAttempts?: number },
): void {
  waitableTime(where, "leaseMs", leaseMs, 1);
  if (maxAttempts !== undefined) {
    wholeNumber(where, "maxAttempts", maxAttempts, { min: 1 });
  }
}
