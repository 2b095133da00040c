/** Hyper-parameter search: spaces, samplers, pruners and the study. Re-exported by the library. */

export type { CheckpointState } from "./checkpoint.ts";
export { MemoryStudyLog, type MemoryStudyLogOptions } from "./memory-study-log.ts";
export type { OptimizeOptions } from "./optimize.ts";
export type { Pruner, PrunerKind, PrunerView, Verdict } from "./pruner.ts";
export { patiently } from "./pruners/patient.ts";
export { bestTrial, compareTrials, isFeasible, rankTrials, violation } from "./ranking.ts";
export { type RedrawOptions, redraw } from "./redraw.ts";
export { prunerNamed, pruners, samplerNamed, samplers } from "./registry.ts";
export type { Sampler, SamplerKind, SamplerSetting, SamplerView, TrialSampler } from "./sampler.ts";
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
export { type Choice, openStudy, Study, type StudyOptions, type Told } from "./study.ts";
export type { StudyLog } from "./study-log.ts";
export { type Objective, type ObjectiveResult, PrunedTrial, Trial, type TrialBacking } from "./trial.ts";
export { SpaceChangedError, TrialRun, type TrialRunOptions } from "./trial-run.ts";
export { compareStudies } from "./views/compare.ts";
export { contourFigure } from "./views/contour.ts";
export { edgeFindings } from "./views/edge.ts";
export { studyViews } from "./views/index.ts";
export { type Importance, type PedAnovaOptions, pedAnova } from "./views/ped-anova.ts";
export { studyReport, type WholeStudy } from "./views/report.ts";
export type { StudyData, StudyView } from "./views/study-view.ts";
export { bestTable } from "./views/summary.ts";
export { trialsCsv } from "./views/trials-csv.ts";
