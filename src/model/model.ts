import { oneOf } from "../core/checks.ts";
import { DataError, HyperError } from "../core/errors.ts";
import { RandomStream } from "../core/random.ts";
import { dtypes } from "../core/tensor.ts";
import { version } from "../core/version.ts";
import type { ReadingNote } from "../data/csv/reading-note.ts";
import type { KernelSet } from "../kernels/kernels.ts";
import type { Layer } from "../nn/layer.ts";
import type { Loss } from "../nn/loss.ts";
import { type OpenTechniques, openTechniques } from "../train/techniques/open.ts";
import type { Questions } from "./apply.ts";
import { type Blueprint, fittingInit } from "./blueprint.ts";
import { type EncodedData, encodeData, type ModelData } from "./encode.ts";
import { type Fit, type FitPlan, fitOf, historyCopy, mustGoOn } from "./fit.ts";
import { type FitOptions, lossSettings, scheduleToGoOn, trainingSettings } from "./fit-options.ts";
import { heldBack, isFold } from "./held-back.ts";
import { layersOf } from "./layers-of-blueprint.ts";
import { type Learnt, learntOf } from "./learnt.ts";
import { type Asker, openAsker, writeTensors } from "./live-network.ts";
import { lossOf } from "./losses.ts";
import { modelBytes } from "./model-file.ts";
import {
  checkFitOptions,
  checkModelOptions,
  checkNetwork,
  checkResumeOptions,
  checkTarget,
  type ModelOptions,
  type ResumeOptions,
} from "./model-options.ts";
import { type ModelInputs, type ModelState, modelFormat, type TrainingSettings } from "./model-state.ts";
import { layerOf, likeLayer, placedLayer } from "./placed-layers.ts";
import { platform } from "./platform.ts";
import {
  dataFingerprint,
  inputScales,
  outputsFor,
  type ReadyRows,
  readyRows,
  refilled,
  rowWeights,
  targetsOf,
} from "./prepare.ts";
import { askedRows, measuredRows, mustTell, questionsOf } from "./questions.ts";
import type { AnyRow } from "./row.ts";
import { imageOf, shapeOfImage, withImage } from "./row-image.ts";
import { Table } from "./table.ts";
import type { TaskKind } from "./tasks.ts";
import { TrainingRun } from "./training-run.ts";

/**
 * A network with everything that turns rows of data into answers: `classify`, `regress` and `multiLabel` make one, `fit`
 * teaches it, `evaluate` and `predict` ask it, `toBytes` and `save` keep it.
 */
export class Model<Evaluation, Prediction, Asked = AnyRow> {
  private readonly task: TaskKind<Evaluation, Prediction>;
  private readonly blueprint: Blueprint | readonly Layer[];
  private readonly options: ModelOptions;
  private readonly ownLoss: Loss;
  /** The model's own, or what the last training made of it. */
  private loss: Loss;
  private learnt: Learnt | null = null;
  private readonly said: ReadingNote[] = [];

  /** Use `classify`, `regress`, `multiLabel` or `modelFromBytes`. */
  constructor(
    task: TaskKind<Evaluation, Prediction>,
    blueprint: Blueprint | readonly Layer[],
    options: ModelOptions & { readonly state?: ModelState } = {},
  ) {
    checkModelOptions(options);
    const { state, ...rest } = options;
    checkNetwork(blueprint);
    this.task = task;
    this.blueprint = blueprint;
    this.options = { ...rest, dtype: state?.dtype ?? rest.dtype ?? rest.kernels?.dtype };
    this.ownLoss = lossOf(rest.loss, task);
    this.loss = this.ownLoss;
    const { seed = 0, dtype, kernels } = this.options;
    RandomStream.seeded(seed);
    oneOf("model", "dtype", dtype ?? "float32", dtypes);
    if (kernels !== undefined && dtype !== undefined && kernels.dtype !== dtype) {
      throw new HyperError({
        en: `model: kernels must be ${dtype} as the model is, got ${kernels.dtype}. Open others.`,
        ja: `model: カーネルの型はモデルと同じ ${dtype} にしてください(${kernels.dtype} でした)。`,
      });
    }
    if (state !== undefined) {
      this.adopt(state);
    }
  }

  /** What was found by evidence in the data it learnt from, and how each is told otherwise. */
  get notes(): readonly ReadingNote[] {
    return this.said;
  }

  /** The kernels it computes with. */
  get kernels(): KernelSet {
    return this.options.kernels ?? platform().kernels(this.options.dtype ?? "float32");
  }

  /**
   * Teaches the network from new weights. Awaited it gives the history; iterated (`for await`) each step and epoch as it
   * comes, and `break` stops: the model is then what it has become.
   * @throws DataError, HyperError, CsvError on data or options that cannot be trained with; DivergedError when the loss is no
   *   longer finite
   */
  fit(data: ModelData | EncodedData, options: FitOptions = {}): Fit {
    const history: Record<string, (number | null)[]> = {};
    return fitOf(
      () => this.fitPlan(data, options, history),
      () => historyCopy(history),
    );
  }

  /**
   * Goes on with a training as if it had never stopped: the same bits as without the pause.
   * @throws DataError when the data or kernels are not those it began with, or it cannot go on
   */
  resume(data: ModelData | EncodedData, options: ResumeOptions = {}): Fit {
    const history = historyCopy(this.learnt?.whole().history ?? {});
    return fitOf(
      () => this.resumePlan(data, options, history),
      () => historyCopy(history),
    );
  }

  /** Figures of how well it tells what data already say. @throws DataError on data unlike those it learnt from */
  evaluate(data: ModelData): Evaluation {
    const { state, asker, judged } = this.asked("evaluate");
    const { rows, answers, whole } = measuredRows(data, state);
    const check = (outputs: Float64Array) => mustTell(outputs, whole, rows.count);
    return judged(() => this.measured(state, asker, { rows, answers, check }));
  }

  /** What it tells of one row. @throws DataError on a row unlike those it learnt from */
  predict(row: Asked | readonly number[] | Float32Array | Float64Array | Uint8Array | Uint8ClampedArray): Prediction;
  /** What it tells of each row; of an empty list nothing. */
  predict(
    rows: Questions | readonly (readonly number[] | Float32Array | Float64Array | Uint8Array | Uint8ClampedArray)[],
  ): Prediction[];
  predict(given: unknown): Prediction | Prediction[] {
    const { state, asker, judged } = this.asked("predict");
    if (Array.isArray(given) && given.length === 0) {
      return [];
    }
    const { questions, single } = questionsOf(given, state);
    const rows = askedRows(questions, state);
    const outputs = judged(() => asker.outputs(rows));
    mustTell(outputs, questions, rows.count);
    const told = this.task.predictions(outputs, state.targets);
    return single ? told[0] : told;
  }

  /** The model as plain data; of one that is learning, as it is at this step. @throws DataError before it has learnt anything */
  toState(): ModelState {
    return this.asked("toState").whole();
  }

  /** The model as a file's bytes. @throws DataError before it has learnt anything */
  toBytes(): Uint8Array {
    return modelBytes(this.toState());
  }

  /**
   * Writes the model into a file (a path or a `file:` URL), whole or not at all; in Node, once `tanren/node` is imported.
   * @throws DataError
   */
  async save(file: string | URL): Promise<void> {
    await platform().write(file, this.toBytes());
  }

  /** The columns to be told: as asked for, as the data say, or as those the model is like. */
  private told(data: ModelData | EncodedData, { target }: FitOptions): FitOptions["target"] {
    const ofData = data instanceof Table ? data.options.target : undefined;
    return target ?? ofData ?? this.options.like?.options.target;
  }

  private asked(where: string): Learnt {
    if (this.learnt === null) {
      throw new DataError({
        en: `${where}: the model must have learnt something, got a new one. Call fit first, or load one.`,
        ja: `${where}: まだ何も学習していません。先に fit を呼ぶか、保存したモデルを読み込んでください。`,
      });
    }
    return this.learnt;
  }

  private adopt(state: ModelState): void {
    const asker = openAsker({
      kernels: this.kernels,
      layers: state.layers.map(layerOf),
      loss: this.loss,
    });
    writeTensors(asker.network, state.tensors);
    this.learnt = learntOf(state, asker);
  }

  private measured(
    { targets }: Pick<ModelState, "targets">,
    asker: Asker,
    {
      rows,
      answers,
      check,
    }: {
      readonly rows: ReturnType<typeof askedRows>;
      readonly answers: Int32Array | Float64Array;
      readonly check?: (outputs: Float64Array) => void;
    },
  ): Evaluation {
    const loss = this.task.lossMeter(asker, targets, answers);
    const outputs = asker.outputs(rows, loss.take);
    check?.(outputs);
    return this.task.evaluation({ outputs, answers, targets, loss: loss.sum() / rows.count });
  }

  private fitPlan(
    data: ModelData | EncodedData,
    options: FitOptions,
    history: Record<string, (number | null)[]>,
  ): FitPlan {
    checkFitOptions(options);
    checkTarget(data, options.target);
    const { seed = 0 } = this.options;
    const init = this.options.weightInit ?? (isBlueprint(this.blueprint) ? fittingInit(this.blueprint) : "he");
    const given = trainingSettings(options, {
      seed,
      weightInit: typeof init === "object" || typeof init === "function" ? init.name : init,
    });
    const encoded = encodeData(data, this.task.name, this.told(data, options));
    const settings: TrainingSettings = { ...given, source: encoded.source, ...sourceOfValidation(options.validation) };
    this.said.splice(0, Number.POSITIVE_INFINITY, ...encoded.notes);
    const { train, held } = heldBack(encoded, settings);
    const filled = refilled(encoded, train);
    const inputs = withImage(
      { ...filled.inputs, scales: inputScales(filled, train) },
      isBlueprint(this.blueprint) ? this.blueprint : null,
    );
    const targets = targetsOf(encoded, this.task.name, train);
    const layers = isBlueprint(this.blueprint)
      ? layersOf(this.blueprint, {
          inputs: inputs.size,
          image: shapeOfImage(inputs.image),
          outputs: outputsFor(targets, this.task.name),
        })
      : this.blueprint.map(likeLayer);
    checkOutputs(layers, outputsFor(targets, this.task.name));
    const augmentation = this.changedBy(settings, inputs, layers, train.length);
    const empty: ModelState = {
      format: modelFormat,
      tanren: version,
      task: this.task.name,
      dtype: this.kernels.dtype,
      inputs,
      targets,
      layers: layers.map(placedLayer),
      tensors: {},
      loss: lossSettings(this.loss),
      training: settings,
      history: {},
      resume: null,
    };
    const how = { task: this.task.name, inputs, kept: targets };
    const rows = readyRows(filled, train, how);
    const weights = rowWeights(encoded, train, options);
    const schedule = typeof options.schedule === "string" ? undefined : options.schedule;
    const plan = { kernels: this.kernels, layers, loss: this.loss, rows, weights, settings, schedule, augmentation };
    const weightInit = typeof init === "object" || typeof init === "function" ? init : undefined;
    const run = new TrainingRun({ ...plan, weightInit, data: dataFingerprint(encoded) }, null, {});
    const validate = this.validator(
      run,
      empty,
      options.validation,
      held.length === 0 ? null : readyRows(filled, held, how),
    );
    return this.kept({ run, settings, history, validate, options }, empty);
  }

  private resumePlan(
    data: ModelData | EncodedData,
    options: ResumeOptions,
    history: Record<string, (number | null)[]>,
  ): FitPlan {
    checkResumeOptions(options);
    const state = this.asked("resume").whole();
    const { resume } = state;
    if (resume === null || state.training === null) {
      throw new DataError({
        en: "resume: the model must hold where its training stands, got one without. Fit it anew.",
        ja: "resume: このモデルには学習の途中の状態がありません。fit で新しく学習してください。",
      });
    }
    const settings: TrainingSettings = {
      ...state.training,
      epochs: options.epochs ?? state.training.epochs,
      ...sourceOfValidation(options.validation),
    };
    if (settings.epochs < resume.epoch) {
      throw new HyperError({
        en: `resume: epochs counts from the beginning and must be at least ${resume.epoch}, got ${settings.epochs}. Give more.`,
        ja: `resume: epochs は最初から数えて ${resume.epoch} 以上にしてください(指定された値: ${settings.epochs})。`,
      });
    }
    const schedule = scheduleToGoOn(settings.schedule, options.schedule);
    const encoded = encodeData(data, state.task, options.target ?? targetNames(state));
    const found = dataFingerprint(encoded);
    mustGoOn({ data: [resume.data, found], kernels: [resume.kernels, this.kernels.name] });
    const { train, held } = heldBack(encoded, settings);
    const how = { task: state.task, inputs: state.inputs, kept: state.targets };
    const filled = refilled(encoded, train);
    const rows = readyRows(filled, train, how);
    const weights = (resume.tensors.weights?.data as Float32Array | undefined) ?? null;
    const layers = state.layers.map(layerOf);
    const augmentation = this.changedBy(settings, state.inputs, layers, train.length);
    const plan = { kernels: this.kernels, layers, loss: this.loss, rows, weights, settings, schedule, augmentation };
    const run = new TrainingRun({ ...plan, data: found }, resume, state.tensors);
    const validate = this.validator(
      run,
      state,
      options.validation,
      held.length === 0 ? null : readyRows(filled, held, how),
    );
    return this.kept({ run, settings, history, validate, options }, state);
  }

  /**
   * What a training's settings change of its rows; the loss is from here on what they make of it.
   * @throws HyperError where such data cannot be changed so
   */
  private changedBy(
    { changes = {}, batchSize }: TrainingSettings,
    { image }: ModelInputs,
    layers: readonly Layer[],
    rows: number,
  ): OpenTechniques["augmentation"] {
    const { plan, augmentation } = openTechniques(changes, {
      image: imageOf(image, layers),
      loss: this.ownLoss,
      batchSize: Math.min(batchSize, rows),
    });
    this.loss = plan.loss ?? this.ownLoss;
    return augmentation;
  }

  /** A training whose model is this one from here on. */
  private kept(plan: Omit<FitPlan, "end" | "write">, base: ModelState): FitPlan {
    const { run, history, settings } = plan;
    const { asker, network } = run;
    const whole = (): ModelState => ({
      ...base,
      training: settings,
      history: historyCopy(history),
      resume: run.saved(),
      tensors: run.tensors(),
    });
    this.learnt = { state: base, asker, judged: (evaluate) => run.judged(evaluate), whole };
    return {
      ...plan,
      end: () => {
        const state = whole();
        writeTensors(network, state.tensors);
        this.learnt = learntOf({ ...state, tensors: {} }, asker);
      },
      write: (path) => platform().write(path, modelBytes(whole())),
    };
  }

  /** Measures rows held back, or rows given beside. */
  private validator(
    run: TrainingRun,
    state: ModelState,
    given: FitOptions["validation"],
    held: ReadyRows | null,
  ): FitPlan["validate"] {
    const beside =
      given === undefined || typeof given === "number" || isFold(given) ? null : measuredRows(given, state);
    if (beside === null && held === null) {
      return null;
    }
    const { rows, answers } = beside ?? {
      rows: (held as ReadyRows).rows,
      answers: this.task.answersOf(held as ReadyRows, state.targets),
    };
    return () => this.task.validation(this.measured(state, run.asker, { rows, answers }));
  }
}

/** The file of a table that is measured, for whoever goes on. */
function sourceOfValidation(given: FitOptions["validation"]): Pick<TrainingSettings, "validationSource"> {
  return given instanceof Table && given.source !== null ? { validationSource: given.source } : {};
}

function isBlueprint(given: Blueprint | readonly Layer[]): given is Blueprint {
  return !Array.isArray(given);
}

function checkOutputs(layers: readonly Layer[], outputs: number): void {
  const last = layers[layers.length - 1];
  if (last?.outputSize !== outputs) {
    throw new HyperError({
      en: `fit: the last layer must give ${outputs} outputs for these data, got ${last?.outputSize}. Change it, or use mlp([...]), whose sizes come from the data.`,
      ja: `fit: このデータでは最後の層の出力は ${outputs} 個です(${last?.outputSize} 個でした)。直すか、大きさがデータから決まる mlp([...]) を使ってください。`,
    });
  }
}

function targetNames({ inputs, targets }: ModelState): string | readonly string[] | undefined {
  if (inputs.kind !== "table") {
    return undefined;
  }
  return targets.kind === "classes" ? targets.name : targets.names;
}
