/**
 * Tanren as a library: build a network, train it, look at why it trains.
 *
 * @module
 */
export { Arena, align, tensorBytes } from "./core/arena.ts";
export type { DataOrigin } from "./core/data-origin.ts";
export { DataError, DivergedError, HyperError, ShapeError } from "./core/errors.ts";
export { choice, fraction, integer, names, real, sizes } from "./core/hyper.ts";
export { type RandomState, RandomStream } from "./core/random.ts";
export type { RunRecord, Series } from "./core/record.ts";
export { type Dtype, type IntTensor, Tensor } from "./core/tensor.ts";
export { checkSplit, type SplitNames } from "./data/check-split.ts";
export { CsvError } from "./data/csv/csv-error.ts";
export type { FoundColumn, LabelledTable } from "./data/csv/labelled-table.ts";
export { readLabelledTable } from "./data/csv/read-csv.ts";
export type { ColumnKind, CsvLimits, CsvOptions, TableOptions, TextOptions } from "./data/csv/read-options.ts";
export type { ReadingNote } from "./data/csv/reading-note.ts";
export type { InputColumn, TableSchema } from "./data/csv/table-schema.ts";
export { type Dataset, firstRows, type Labels, type Split, selectRows } from "./data/dataset.ts";
export { fingerprintOf } from "./data/fingerprint.ts";
export { type ColumnScales, columnScales, standardized, type TableRows } from "./data/standardize.ts";
export type { Experiment } from "./experiments/experiment.ts";
export { chapter, experimentNamed } from "./experiments/registry.ts";
export type { FigureSpec } from "./figure/figure-spec.ts";
export { renderSvg, type SvgOptions } from "./figure/svg.ts";
export { renderTerminal } from "./figure/terminal.ts";
export { FormulaError } from "./formula/formula-error.ts";
export { type WeightInitName, weightInits } from "./init/weights.ts";
export type { Backend, KernelName, KernelSet, Kernels } from "./kernels/kernels.ts";
export { referenceKernels } from "./kernels/reference.ts";
export { wasmKernels } from "./kernels/wasm.ts";
export { Relu, Sigmoid, Tanh } from "./nn/activation.ts";
export { Affine } from "./nn/affine.ts";
export { BatchNorm } from "./nn/batch-norm.ts";
export { Dropout } from "./nn/dropout.ts";
export { type GradcheckOptions, type GradientCheck, gradcheck } from "./nn/gradcheck.ts";
export type { Layer, Mode } from "./nn/layer.ts";
export { type MlpSpec, mlp } from "./nn/mlp.ts";
export { parameterCount, Sequential, type SequentialOptions } from "./nn/sequential.ts";
export { optimizerFromText } from "./optim/from-text.ts";
export { defineOptimizer, type Optimizer, type OptimizerDefinition } from "./optim/optimizer.ts";
export { optimizerNamed, optimizers } from "./optim/registry.ts";
export { Updater, type UpdaterOptions, updaterBytes } from "./optim/updater.ts";
export { scheduleNamed, schedules } from "./schedule/registry.ts";
export type { RateCurve, Schedule, ScheduledRun } from "./schedule/schedule.ts";
export * from "./search/index.ts";
export { AccuracyMeter, accuracyMeterBytes } from "./train/accuracy.ts";
export { type Batch, BatchLoader, batchLoaderBytes } from "./train/batch-loader.ts";
export type { LayerDiagnostic } from "./train/diagnostics.ts";
export { openTraining, type Training, type TrainingPlan } from "./train/open-training.ts";
export { type TrainEvent, type TrainOptions, train } from "./train/train.ts";
