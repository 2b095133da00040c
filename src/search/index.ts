/** Hyper-parameter search: spaces, samplers, pruners and the study. Re-exported by the library. */

export type { CheckpointState } from "./checkpoint.ts";
export type { Choice } from "./choice.ts";
export type { StudyLog } from "./memory-study-log.ts";
export { MemoryStudyLog, type MemoryStudyLogOptions } from "./memory-study-log.ts";
export type { TrialEnding } from "./objective-result.ts";
export { NoTrialLeftError, ObjectiveError, type OptimizeOptions, type RejectOn } from "./optimize.ts";
export type { Pruner, PrunerKind, PrunerView, TypedPruner, Verdict } from "./pruner.ts";
export * from "./pruners/index.generated.ts";
export { patiently } from "./pruners/patient.ts";
export { bestTrial, compareTrials, isFeasible, rankTrials, violation } from "./ranking.ts";
export { type RedrawOptions, redraw } from "./redraw.ts";
export { prunerNamed, samplerNamed } from "./registry.ts";
export type { Sampler, SamplerKind, SamplerSetting, SamplerView, TrialSampler, TypedSampler } from "./sampler.ts";
export * from "./samplers/index.generated.ts";
export {
  categoryDistribution,
  checkDistribution,
  checkSpace,
  describeDistribution,
  intDistribution,
  type RangeOptions,
  realDistribution,
} from "./space.ts";
export { trialSeed, trialStream } from "./streams.ts";
export { openStudy, Study } from "./study.ts";
export type { StudyOptions } from "./study-options.ts";
export { type Objective, type ObjectiveResult, PrunedTrial, Trial, type TrialBacking } from "./trial.ts";
export { SpaceChangedError, TrialRun, type TrialRunOptions } from "./trial-run.ts";
