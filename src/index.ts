/**
 * Tanren as a library: build a network, train it, look at why it trains. Everything of `@tanren/core`, with the experiments,
 * their figures and what a study shows.
 *
 * @module
 */

export type { Recorded, RunRecord, Series } from "./core/record.ts";
export * from "./core-index.ts";
export * from "./experiments/ch06/index.generated.ts";
export { chapter, experimentNamed, nextPages } from "./experiments/registry.ts";
export type {
  Axis,
  Band,
  Bars,
  ColorScale,
  Contour,
  Curve,
  DashName,
  FigureSpec,
  Grid,
  Heat,
  Label,
  Layer as FigureLayer,
  Panel,
  ParallelPanel,
  Path,
  PlanePanel,
  Points,
  Rule,
  Spans,
  SurfacePanel,
} from "./figure/figure-spec.ts";
export type { ShownCell } from "./figure/format-cell.ts";
export type { ReportSection, ReportSpec, ReportTable } from "./figure/report-spec.ts";
export { renderSvg, type SvgOptions } from "./figure/svg.ts";
export { renderTerminal, type TerminalOptions } from "./figure/terminal.ts";
export {
  type DataShape,
  type DetailTable,
  defineExperiment,
  type Experiment,
  type FormulaNote,
  type Pace,
  type ResultTable,
  type Settings,
  type Task,
  type TaskContext,
  type TypedExperiment,
} from "./runs/experiment.ts";
export type { RunObserver } from "./runs/session.ts";
export type { RunnerOptions, TaskRunner } from "./runs/task-runner.ts";
export { compareStudies } from "./search/views/compare.ts";
export { contourFigure } from "./search/views/contour.ts";
export { edgeFindings } from "./search/views/edge.ts";
export { studyViews } from "./search/views/index.ts";
export { type Importance, type PedAnovaOptions, pedAnova } from "./search/views/ped-anova.ts";
export { studyReport, type WholeStudy } from "./search/views/report.ts";
export type { StudyData, StudyView } from "./search/views/study-view.ts";
export { bestTable } from "./search/views/summary.ts";
export { trialsCsv } from "./search/views/trials-csv.ts";
export type { Owner } from "./store/runs/run-rows.ts";
export type {
  DamagedRun,
  RunChunk,
  RunEnd,
  RunFilter,
  RunInfo,
  RunMarks,
  RunOrigin,
  RunStatus,
  RunStore,
  RunWriter,
  StoreChanges,
  StoredRun,
  StoredRunSummary,
} from "./store/runs/run-store.ts";
export type { SqlKind } from "./store/studies/migrations.ts";
export type { SqlDatabase, Survives } from "./store/studies/sql-database.ts";
export type { OnWaiting, SqlStudyStore } from "./store/studies/sql-study-store.ts";
export type { ArtifactRow, AttemptRow, MetricRow, StudyRow, StudyTables, TrialRow } from "./store/studies/tables.ts";
export type { Unit } from "./store/studies/trial-locks.ts";
