/**
 * The core of Tanren, for every platform: networks, kernels, update rules, schedules, training, data and searches.
 *
 * @module
 */
export { Arena, type ArenaMemory } from "./core/arena.ts";
export type { DataOrigin } from "./core/data-origin.ts";
export { DataError, DivergedError, HyperError, ShapeError } from "./core/errors.ts";
export type { FileBytes } from "./core/file-bytes.ts";
export {
  choice,
  fraction,
  type Hyper,
  type HyperSet,
  type HyperValue,
  integer,
  type NumberSpec,
  names,
  real,
  type SettingOfRun,
  sizes,
  type ValuesOf,
} from "./core/hyper.ts";
export type { LoopFinder } from "./core/loop-finder.ts";
export type {
  ConfusionNote,
  ContinuedNote,
  DamagedNote,
  DiagnosticNote,
  DivergedNote,
  FailedNote,
  HorizonNote,
  InterruptedNote,
  LayerDiagnostic,
  OtherNote,
  RecordedDiagnostic,
  RunNote,
  Tags,
} from "./core/note.ts";
export { type RandomState, RandomStream } from "./core/random.ts";
export type { Bins, Check, EngineInfo, Histogram, RunEvent, TaskEvent } from "./core/record.ts";
export type { ByteRows, FloatRows } from "./core/rows.ts";
export type {
  Boundary,
  Confusion,
  LayerSnapshot,
  Mistakes,
  Snapshot,
  ToldNumbers,
  UnitMaps,
  ValueHistogram,
  Watch,
  WeightImages,
} from "./core/snapshot.ts";
export { type Dtype, type FloatArray, type IntTensor, Tensor } from "./core/tensor.ts";
export type { Language, Text, Told } from "./core/text.ts";
export type { Timers } from "./core/timers.ts";
export type { Distribution, Intermediate, ParameterValue, SearchSpace, TrialRecord, TrialState } from "./core/trial.ts";
export type { SomeOf, Typed } from "./core/typed.ts";
export { checkSplit, type SplitNames } from "./data/check-split.ts";
export { CsvError } from "./data/csv/csv-error.ts";
export type { CsvTable } from "./data/csv/csv-reader.ts";
export type { DateOrder } from "./data/csv/date-text.ts";
export type { FoundColumn } from "./data/csv/encoded-table.ts";
export type { Fill, MissingCells } from "./data/csv/fill.ts";
export type { LabelledTable } from "./data/csv/labelled-table.ts";
export type { Decimal } from "./data/csv/numeral.ts";
export { readLabelledTable } from "./data/csv/read-csv.ts";
export type { ColumnKind, CsvLimits, CsvOptions, TableOptions, TextOptions } from "./data/csv/read-options.ts";
export type { ReadingNote } from "./data/csv/reading-note.ts";
export type { InputColumn, TableSchema } from "./data/csv/table-schema.ts";
export type { EncodedTargets } from "./data/csv/target-columns.ts";
export { type Dataset, firstRows, type Labels, type RowsNeeded, type Split, selectRows } from "./data/dataset.ts";
export { fingerprintOf, type RowsAndLabels } from "./data/fingerprint.ts";
export type { IdxArray, IdxType } from "./data/idx.ts";
export type { AnySplit, FloatSplit } from "./data/split.ts";
export { type ColumnScales, columnScales, standardized, type TableRows } from "./data/standardize.ts";
export { readNpy } from "./formats/npy.ts";
export { npzBytes, readNpz } from "./formats/npz.ts";
export type { ElementData, ElementType, NumberArray } from "./formats/number-array.ts";
export { readSafetensors, type Safetensors, safetensorsBytes } from "./formats/safetensors.ts";
export { type EventHistogram, type TensorboardEvent, tensorboardBytes } from "./formats/tensorboard.ts";
export type { Call, Expression, Name, Negation, NumberLiteral, Operation, Operator } from "./formula/ast.ts";
export { FormulaError, type Place } from "./formula/formula-error.ts";
export type {
  BinaryOperator,
  LoopStage,
  MatrixStage,
  Program,
  ReductionStage,
  ScalarStage,
  Stage,
  UnaryOperator,
  VectorExpression,
} from "./formula/program.ts";
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
export type { Backend, FusedActivation, KernelName, KernelSet, Kernels, WindowOver } from "./kernels/kernels.ts";
export type { Operations, Pointwise } from "./kernels/operations.generated.ts";
export { planned } from "./kernels/planned.ts";
export { referenceKernels } from "./kernels/reference.ts";
export { type WasmVariant, wasmKernels } from "./kernels/wasm.ts";
export type { Questions } from "./model/apply.ts";
export { type Blueprint, type MlpOptions, mlp } from "./model/blueprint.ts";
export type { ClassEvaluation, ClassFigures } from "./model/class-metrics.ts";
export {
  type Classifier,
  classify,
  type LikeOptions,
  type MultiLabeller,
  multiLabel,
  type Regressor,
  regress,
} from "./model/classify.ts";
export type { AskedOf, CellOf, ColumnType, ColumnTypes, RowOf, ToldOf } from "./model/column-types.ts";
export type { EncodedData, LabelledRows, ModelData, NumberData, NumberRows } from "./model/encode.ts";
export { type ExportFormatName, type ExportOptions, exportFormatNames, exportModel } from "./model/export-model.ts";
export type { EpochEvent, Fit, FitEvent, History } from "./model/fit.ts";
export type { FitOptions } from "./model/fit-options.ts";
export { fitOptionsOf, fitSettings, type SettingValues, settingsFor } from "./model/fit-settings.ts";
export { type Fold, kFold } from "./model/folds.ts";
export { network } from "./model/layers-of-blueprint.ts";
export type { Asker } from "./model/live-network.ts";
export { type AnyModel, type LoadOptions, modelFromBytes, modelFromState } from "./model/load.ts";
export { type LoadWeightsOptions, loadWeights } from "./model/load-weights.ts";
export { Model } from "./model/model.ts";
export type { ModelOptions, ResumeOptions } from "./model/model-options.ts";
export type {
  DataSource,
  HeldFold,
  LossSettings,
  ModelColumn,
  ModelHistory,
  ModelInputs,
  ModelState,
  ModelTargets,
  NamedSettings,
  ResumeState,
  StopEarlySettings,
  TrainingSettings,
} from "./model/model-state.ts";
export { ownLoss } from "./model/own-loss.ts";
export type { Placed, PlacedLayer } from "./model/placed-layers.ts";
export type { ReadyRows } from "./model/prepare.ts";
export type { AnyRow, Cell, Row } from "./model/row.ts";
export { type ReadTableOptions, readTable, Table, type TypedReadOptions } from "./model/table.ts";
export type {
  AnswerPrediction,
  ClassPrediction,
  LossMeter,
  Measured,
  TaskKind,
  ValuePrediction,
} from "./model/tasks.ts";
export type { AnswerEvaluation, ValueEvaluation, ValueFigures } from "./model/value-metrics.ts";
export {
  type ActivationName,
  Elu,
  Gelu,
  LeakyRelu,
  Relu,
  Selu,
  Sigmoid,
  Silu,
  Softplus,
  Tanh,
} from "./nn/activation.ts";
export { Affine } from "./nn/affine.ts";
export { BatchNorm, type BatchNormOptions } from "./nn/batch-norm.ts";
export { Conv2d, type Conv2dOptions } from "./nn/conv2d.ts";
export { Dropout, type DropoutVariant } from "./nn/dropout.ts";
export type { ElementLoss } from "./nn/elementwise-loss.ts";
export { type GradcheckOptions, type GradientCheck, gradcheck } from "./nn/gradcheck.ts";
export type { ImageShape, Window } from "./nn/image-shape.ts";
export type { BatchTensor, Fusion, Layer, LayerMemory, Mode, ParameterShape, Shape } from "./nn/layer.ts";
export { LayerNorm } from "./nn/layer-norm.ts";
export type { LayerSpec, PlainLayerKind } from "./nn/layer-words.ts";
export {
  type AnyLossKind,
  defineLoss,
  type Loss,
  type LossDefinition,
  type LossKind,
  type LossMemory,
  type OpenLoss,
  type Targets,
} from "./nn/loss.ts";
export { lossNamed } from "./nn/loss-registry.ts";
export * from "./nn/losses/index.generated.ts";
export { Maxout } from "./nn/maxout.ts";
export type { MlpSpec } from "./nn/mlp.ts";
export { parameterCount } from "./nn/network-plan.ts";
export { AveragePool, Flatten, GlobalAveragePool, MaxPool, type PoolOptions } from "./nn/pooling.ts";
export { PRelu } from "./nn/prelu.ts";
export { Residual } from "./nn/residual.ts";
export { RmsNorm } from "./nn/rms-norm.ts";
export type { RowMix } from "./nn/row-mix.ts";
export { type NamedLayer, type Parameter, Sequential, type SequentialOptions } from "./nn/sequential.ts";
export { optimizerFromText } from "./optim/from-text.ts";
export {
  defineOptimizer,
  type Optimizer,
  type OptimizerDefinition,
  type Paper,
  type RunSettingOf,
  type TypedOptimizer,
} from "./optim/optimizer.ts";
export type { AppliedGroup, DecayOf, ParameterGroup, Segment } from "./optim/parameter-groups.ts";
export { optimizerNamed } from "./optim/registry.ts";
export * from "./optim/rules/index.generated.ts";
export { type ScalarState, Updater, type UpdaterOptions } from "./optim/updater.ts";
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
export type { TrialEnding } from "./search/objective-result.ts";
export type { Completed, Ranked } from "./search/ranking.ts";
export type {
  ArtifactInfo,
  ClaimedTrial,
  ClaimOptions,
  DamagedStudy,
  GivenTrial,
  Json,
  KnownTrials,
  Lease,
  Outcome,
  ReleaseOptions,
  Sampled,
  StudySpec,
  StudySummary,
  TrialChanges,
  TrialsOptions,
} from "./store/studies/study-store.ts";
export type { Accumulator } from "./train/accumulator.ts";
export { AccuracyMeter } from "./train/accuracy.ts";
export type { Augmentation, BatchTransform } from "./train/augment/batch-transform.ts";
export { type EditionOptions, type Editions, editionsHere } from "./train/augment/editions.ts";
export { inputNoise } from "./train/augment/input-noise.ts";
export type { Mixup } from "./train/augment/mixup.ts";
export { type MoveOptions, moveImages } from "./train/augment/move-images.ts";
export {
  type Batch,
  BatchLoader,
  type BatchSpace,
  type IndexedBatch,
  type TrainingBatch,
  type TrainingLoader,
} from "./train/batch-loader.ts";
export type { BatchOrder } from "./train/batch-order.ts";
export { type FindLrOptions, findLr, type LrTest } from "./train/find-lr.ts";
export { type LrFinding, lrFinding } from "./train/lr-finding.ts";
export { openTraining, type Training, type TrainingPlan, withAverage } from "./train/open-training.ts";
export type { Clip } from "./train/parts/clip-gradients.ts";
export type { LookaheadOptions } from "./train/parts/lookahead.ts";
export type { TrainingPart } from "./train/parts/training-part.ts";
export type { AverageOptions } from "./train/parts/weight-average.ts";
export { type TechniqueValues, techniqueSettings, techniquesOf } from "./train/technique-settings.ts";
export {
  type ChangeSettings,
  type Changes,
  changeSettings,
  changesIn,
} from "./train/techniques/changes.ts";
export type { Techniques } from "./train/techniques.ts";
export { type TrainEvent, type TrainOptions, train } from "./train/train.ts";
