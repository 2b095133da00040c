/**
 * The core of Tanren, for every platform: networks, kernels, update rules, schedules, training, data and searches.
 *
 * @module
 */
export { Arena, align, tensorBytes } from "./core/arena.ts";
export type { DataOrigin } from "./core/data-origin.ts";
export { DataError, DivergedError, HyperError, ShapeError } from "./core/errors.ts";
export {
  choice,
  fraction,
  type Hyper,
  type HyperSet,
  type HyperValue,
  integer,
  names,
  real,
  sizes,
  type ValuesOf,
} from "./core/hyper.ts";
export { type RandomState, RandomStream } from "./core/random.ts";
export { type Dtype, type FloatArray, type IntTensor, Tensor } from "./core/tensor.ts";
export type { Language, Text } from "./core/text.ts";
export type { SomeOf, Typed } from "./core/typed.ts";
export { checkSplit, type SplitNames } from "./data/check-split.ts";
export { CsvError } from "./data/csv/csv-error.ts";
export type { FoundColumn } from "./data/csv/encoded-table.ts";
export type { LabelledTable } from "./data/csv/labelled-table.ts";
export { readLabelledTable } from "./data/csv/read-csv.ts";
export type { ColumnKind, CsvLimits, CsvOptions, TableOptions, TextOptions } from "./data/csv/read-options.ts";
export type { ReadingNote } from "./data/csv/reading-note.ts";
export type { InputColumn, TableSchema } from "./data/csv/table-schema.ts";
export { type Dataset, firstRows, type Labels, type Split, selectRows } from "./data/dataset.ts";
export { fingerprintOf } from "./data/fingerprint.ts";
export { type ColumnScales, columnScales, standardized, type TableRows } from "./data/standardize.ts";
export { readNpy } from "./formats/npy.ts";
export { npzBytes, readNpz } from "./formats/npz.ts";
export type { ElementType, NumberArray } from "./formats/number-array.ts";
export { readSafetensors, type Safetensors, safetensorsBytes } from "./formats/safetensors.ts";
export { type EventHistogram, type TensorboardEvent, tensorboardBytes } from "./formats/tensorboard.ts";
export { FormulaError } from "./formula/formula-error.ts";
export { ruleTex } from "./formula/tex.ts";
export {
  glorot,
  glorotUniform,
  he,
  heUniform,
  lecun,
  lecunUniform,
  orthogonal,
  type TypedWeightInit,
  type WeightInit,
  type WeightInitName,
  weightInits,
  xavier,
} from "./init/weights.ts";
export type { Backend, KernelName, KernelSet, Kernels } from "./kernels/kernels.ts";
export { referenceKernels } from "./kernels/reference.ts";
export { wasmKernels } from "./kernels/wasm.ts";
export { type Blueprint, type MlpOptions, mlp, network } from "./model/blueprint.ts";
export type { ClassEvaluation, ClassFigures } from "./model/class-metrics.ts";
export {
  type Classifier,
  classify,
  type MultiLabeller,
  multiLabel,
  type Regressor,
  regress,
} from "./model/classify.ts";
export type { LabelledRows, ModelData, NumberData, NumberRows } from "./model/encode.ts";
export { type ExportFormatName, type ExportOptions, exportFormatNames, exportModel } from "./model/export-model.ts";
export type { Fit, FitEvent, History } from "./model/fit.ts";
export type { FitOptions } from "./model/fit-options.ts";
export { type Fold, kFold } from "./model/folds.ts";
export { type AnyModel, type LoadOptions, modelFromBytes, modelFromState } from "./model/load.ts";
export { type LoadWeightsOptions, loadWeights } from "./model/load-weights.ts";
export { Model, type ModelOptions, type ResumeOptions } from "./model/model.ts";
export type { ModelState } from "./model/model-state.ts";
export { ownLoss } from "./model/own-loss.ts";
export { type Cell, type ReadTableOptions, type Row, readTable, Table } from "./model/table.ts";
export type { AnswerPrediction, ClassPrediction, ValuePrediction } from "./model/tasks.ts";
export type { AnswerEvaluation, ValueEvaluation, ValueFigures } from "./model/value-metrics.ts";
export { Relu, Sigmoid, Tanh } from "./nn/activation.ts";
export { Affine } from "./nn/affine.ts";
export { BatchNorm, type BatchNormOptions } from "./nn/batch-norm.ts";
export { Conv2d, type Conv2dOptions } from "./nn/conv2d.ts";
export { Dropout } from "./nn/dropout.ts";
export { type GradcheckOptions, type GradientCheck, gradcheck } from "./nn/gradcheck.ts";
export type { ImageShape } from "./nn/image-shape.ts";
export type { Layer, Mode } from "./nn/layer.ts";
export { LayerNorm } from "./nn/layer-norm.ts";
export { defineLoss, type Loss, type LossDefinition, type LossKind, type OpenLoss } from "./nn/loss.ts";
export { lossNamed } from "./nn/loss-registry.ts";
export * from "./nn/losses/index.generated.ts";
export { Maxout } from "./nn/maxout.ts";
export type { MlpSpec } from "./nn/mlp.ts";
export { parameterCount } from "./nn/network-plan.ts";
export { Elu, Gelu, LeakyRelu, Selu, Silu, Softplus } from "./nn/pointwise-layers.ts";
export { AveragePool, Flatten, GlobalAveragePool, MaxPool, type PoolOptions } from "./nn/pooling.ts";
export { PRelu } from "./nn/prelu.ts";
export { Residual } from "./nn/residual.ts";
export { RmsNorm } from "./nn/rms-norm.ts";
export { Sequential, type SequentialOptions } from "./nn/sequential.ts";
export { optimizerFromText } from "./optim/from-text.ts";
export { defineOptimizer, type Optimizer, type OptimizerDefinition, type TypedOptimizer } from "./optim/optimizer.ts";
export type { AppliedGroup, DecayOf, ParameterGroup, Segment } from "./optim/parameter-groups.ts";
export { optimizerNamed } from "./optim/registry.ts";
export * from "./optim/rules/index.generated.ts";
export { type ScalarState, Updater, type UpdaterOptions, updaterBytes } from "./optim/updater.ts";
export * from "./schedule/curves/index.generated.ts";
export { scheduleNamed } from "./schedule/registry.ts";
export {
  defineSchedule,
  type RateCurve,
  type Schedule,
  type ScheduleDefinition,
  type ScheduledRun,
  type TypedSchedule,
} from "./schedule/schedule.ts";
export * from "./search/index.ts";
export { AccuracyMeter, accuracyMeterBytes } from "./train/accuracy.ts";
export type { Augmentation, BatchTransform } from "./train/augment/batch-transform.ts";
export { type EditionOptions, type Editions, editionsHere } from "./train/augment/editions.ts";
export { inputNoise } from "./train/augment/input-noise.ts";
export { type MoveOptions, moveImages } from "./train/augment/move-images.ts";
export { withAverage } from "./train/averaged.ts";
export { type Batch, BatchLoader, batchLoaderBytes } from "./train/batch-loader.ts";
export type { LayerDiagnostic } from "./train/diagnostics.ts";
export { type FindLrOptions, findLr, type LrTest } from "./train/find-lr.ts";
export { type LrFinding, lrFinding } from "./train/lr-finding.ts";
export { openTraining, type Training, type TrainingPlan } from "./train/open-training.ts";
export type { Clip } from "./train/parts/clip-gradients.ts";
export type { LookaheadOptions } from "./train/parts/lookahead.ts";
export type { TrainingPart } from "./train/parts/training-part.ts";
export type { AverageOptions } from "./train/parts/weight-average.ts";
export { type TechniqueValues, techniqueSettings, techniquesOf } from "./train/technique-settings.ts";
export type { Techniques } from "./train/techniques.ts";
export { type TrainEvent, type TrainOptions, train } from "./train/train.ts";
