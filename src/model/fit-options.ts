import {
  checkOptions,
  checkSignal,
  finiteNumber,
  noSuchSetting,
  type OptionNames,
  oneOf,
  wholeNumber,
} from "../core/checks.ts";
import { HyperError } from "../core/errors.ts";
import { describeValue } from "../core/foreign-value.ts";
import type { Loss } from "../nn/loss.ts";
import { optimizerFromText } from "../optim/from-text.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { optimizerNamed, optimizers } from "../optim/registry.ts";
import { scheduleNamed, schedules } from "../schedule/registry.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { type Changes, changeSettings, changesIn } from "../train/techniques/changes.ts";
import { type Techniques, techniqueNames } from "../train/techniques.ts";
import type { ModelData } from "./encode.ts";
import { checkFold, isFold } from "./held-back.ts";
import { checkKept } from "./model-schema.ts";
import type { HeldFold, NamedSettings, StopEarlySettings, TrainingSettings } from "./model-state.ts";

/** Beside what is here, every technique of training, and every one that changes rows or targets by its settings' names. */
export interface FitOptions extends Techniques, Partial<Changes> {
  /** The column to be told, or several; needed for rows of objects, and for tables that do not say it. */
  readonly target?: string | readonly string[];
  /** A value (`adam({ lr: 0.01 })`) or a name; Adam when absent. */
  readonly optimizer?: Optimizer | string;
  /** Over the optimizer's own values: `{ lr: 0.01 }`. */
  readonly hyper?: Readonly<Record<string, number>>;
  /** A value (`cosine({ minLr: 1e-5 })`, or one of your own) or a name; the rate stays when absent. */
  readonly schedule?: Schedule | string;
  /** 100 when absent. */
  readonly epochs?: number;
  /** Rows of a minibatch; 32 when absent, all rows where there are fewer. */
  readonly batchSize?: number;
  /** `shuffle` (when absent): each epoch sees every row once, in a new order; `draw`: with replacement, as in the book. */
  readonly batches?: "shuffle" | "draw";
  /** λ of ½·λ·ΣW²; 0 when absent. */
  readonly weightDecay?: number;
  /**
   * Rows that are measured after each epoch: a share of the data to hold back (of each class alike), one fold of several, or
   * other rows.
   */
  readonly validation?: number | HeldFold | ModelData;
  /** Ends training when nothing improves for `patience` epochs; the best weights are kept. */
  readonly stopEarly?: { readonly patience: number; readonly metric?: string };
  /** By class name; `balanced`: each class as much as any other. */
  readonly classWeights?: "balanced" | Readonly<Record<string, number>>;
  /** One a row of the data; they count by their ratios. As the table says (`weights`) when absent. */
  readonly sampleWeights?: ArrayLike<number>;
  /** Writes the model as it is every so many steps, so that training can go on after anything. */
  readonly checkpoint?: { readonly every: number; readonly path: string };
  readonly signal?: AbortSignal;
}

export const fitOptionNames: OptionNames<FitOptions> = {
  target: true,
  optimizer: true,
  hyper: true,
  schedule: true,
  epochs: true,
  batchSize: true,
  batches: true,
  weightDecay: true,
  validation: true,
  stopEarly: true,
  classWeights: true,
  sampleWeights: true,
  checkpoint: true,
  signal: true,
  ...techniqueNames,
  ...(Object.fromEntries(Object.keys(changeSettings).map((name) => [name, true])) as OptionNames<Changes>),
};

const defaults = { epochs: 100, batchSize: 32, weightDecay: 0 } as const;

/** The settings of a training as a file keeps them, checked. @throws HyperError on one that is out of range */
export function trainingSettings(
  options: FitOptions,
  { seed, weightInit }: Pick<TrainingSettings, "seed" | "weightInit">,
): Omit<TrainingSettings, "source"> {
  const { epochs = defaults.epochs, batchSize = defaults.batchSize, weightDecay = defaults.weightDecay } = options;
  const { batches = "shuffle", validation, stopEarly, classWeights, checkpoint } = options;
  wholeNumber("fit", "epochs", epochs, { min: 1 });
  wholeNumber("fit", "batchSize", batchSize, { min: 1 });
  finiteNumber("fit", "weightDecay", weightDecay, { min: 0 });
  // Of a text, which may be a file's path, it is said how rows are read.
  if (validation === null || !["undefined", "object", "string"].includes(typeof validation)) {
    finiteNumber("fit", "validation", validation as number, { min: 0, below: 1 });
  }
  if (stopEarly !== undefined) {
    checkOptions("fit.stopEarly", stopEarly, { patience: true, metric: true });
    wholeNumber("fit", "stopEarly.patience", stopEarly.patience, { min: 1 });
  }
  checkCheckpoint("fit", checkpoint);
  checkSignal("fit", options.signal);
  oneOf("fit", "batches", batches, ["shuffle", "draw"]);
  if (classWeights !== undefined && (typeof classWeights !== "object" || classWeights === null)) {
    oneOf("fit", "classWeights", classWeights, ["balanced"]);
  }
  const techniques = techniquesIn(options);
  const changes = changesIn("fit: ", options);
  const validated = validation !== undefined && validation !== 0;
  const settings = {
    optimizer: optimizerSettings(options.optimizer, options.hyper),
    schedule: options.schedule === undefined ? null : scheduleSettings(options.schedule),
    epochs,
    batchSize,
    batches,
    weightDecay,
    weightInit,
    seed,
    validation: typeof validation === "number" ? validation : 0,
    ...(isFold(validation) ? { fold: checkFold(validation) } : {}),
    stopEarly: stopEarly === undefined ? null : stopSettings(stopEarly, validated),
    classWeights: classWeights ?? null,
    ...(Object.keys(techniques).length === 0 ? {} : { techniques }),
    ...(Object.keys(changes).length === 0 ? {} : { changes }),
  };
  checkKept(settings);
  return settings;
}

/** @throws HyperError on a checkpoint that cannot be written */
export function checkCheckpoint(where: "fit" | "resume", checkpoint: FitOptions["checkpoint"]): void {
  if (checkpoint === undefined) {
    return;
  }
  checkOptions(`${where}.checkpoint`, checkpoint, { every: true, path: true });
  wholeNumber(where, "checkpoint.every", checkpoint.every, { min: 1 });
  if (typeof checkpoint.path !== "string" || checkpoint.path === "") {
    throw new HyperError({
      en: `${where}: checkpoint.path must be a file's path, got ${describeValue(checkpoint.path)}. Give one such as model.tanren.`,
      ja: `${where}: checkpoint.path には model.tanren のようなファイルのパスを指定してください(指定された値: ${describeValue(checkpoint.path)})。`,
    });
  }
}

/** The techniques among the options of a training, in one order. */
function techniquesIn(options: Techniques): Techniques {
  const names = Object.keys(techniqueNames) as (keyof Techniques)[];
  return Object.fromEntries(names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]));
}

function stopSettings(
  { patience, metric }: { patience: number; metric?: string },
  validated: boolean,
): StopEarlySettings {
  return { patience, metric: metric ?? (validated ? "valLoss" : "loss") };
}

/** A name or a value of the kind: a description of one's own, `{ name: "adam" }`, is neither. @throws HyperError */
function mustBeValue(option: string, part: unknown, given: unknown, example: string): void {
  if (part === undefined) {
    throw new HyperError({
      en: `fit: ${option} must be a name or a value such as ${example}, got ${describeValue(given)}. Write one of them.`,
      ja: `fit: ${option} には名前か、${example} のような値を指定してください(指定された値: ${describeValue(given)})。`,
    });
  }
}

function valuesOf(set: Optimizer["hyper"], over: Readonly<Record<string, number>>): Record<string, unknown> {
  const own = Object.fromEntries(Object.entries(set).map(([name, { default: value }]) => [name, value]));
  return { ...own, ...over };
}

function optimizerSettings(
  given: FitOptions["optimizer"] = "adam",
  hyper: NonNullable<FitOptions["hyper"]> = {},
): NamedSettings {
  if (typeof hyper !== "object" || hyper === null) {
    throw new HyperError({
      en: `fit: hyper must be values by name, such as { lr: 0.01 }, got ${describeValue(hyper)}. Write them so, or leave it out.`,
      ja: `fit: hyper には { lr: 0.01 } のように名前と値を指定してください(指定された値: ${describeValue(hyper)})。不要なら省けます。`,
    });
  }
  const optimizer = typeof given === "string" ? optimizerNamed(given) : given;
  mustBeValue("optimizer", optimizer?.program, given, "adam({ lr: 0.01 })");
  const unknown = Object.keys(hyper).find((name) => !Object.hasOwn(optimizer.hyper, name));
  if (unknown !== undefined) {
    throw noSuchSetting(`fit: ${optimizer.name}.`, unknown, Object.keys(optimizer.hyper));
  }
  for (const [name, value] of Object.entries(hyper)) {
    optimizer.hyper[name].check(value, `fit: ${optimizer.name}.${name}`);
  }
  const known = optimizers.some(({ name, rule }) => name === optimizer.name && rule === optimizer.rule);
  return {
    name: optimizer.name,
    hyper: valuesOf(optimizer.hyper, hyper),
    ...(known ? {} : { rule: optimizer.rule }),
  };
}

/** The optimizer that settings name, with its values. @throws HyperError, FormulaError */
export function optimizerOf({ name, hyper, rule }: NamedSettings): {
  readonly optimizer: Optimizer;
  readonly hyper: Readonly<Record<string, number>>;
} {
  const values = hyper as Readonly<Record<string, number>>;
  return {
    optimizer: rule === undefined ? optimizerNamed(name) : optimizerFromText(name, rule, values),
    hyper: values,
  };
}

function scheduleSettings(given: Schedule | string): NamedSettings {
  const schedule = typeof given === "string" ? scheduleNamed(given) : given;
  mustBeValue("schedule", schedule?.open, given, "cosine({ minLr: 1e-5 })");
  const alike = schedules.find(({ name }) => name === schedule.name);
  if (alike !== undefined && alike.tex !== schedule.tex) {
    throw new HyperError({
      en: `fit: a schedule of one's own must have a name of its own, got ${schedule.name}, which is one of ours. Rename it.`,
      ja: `fit: ${schedule.name} は組み込みのスケジュールの名前です。独自のスケジュールには別の名前を付けてください。`,
    });
  }
  return {
    name: schedule.name,
    hyper: Object.fromEntries(Object.entries(schedule.hyper).map(([name, { default: value }]) => [name, value])),
  };
}

/**
 * The schedule that a training goes on with: one of one's own is given again, since no file holds it.
 * @throws HyperError where it is not, or another is given
 */
export function scheduleToGoOn(kept: NamedSettings | null, given: Schedule | undefined): Schedule | undefined {
  const known = kept === null || schedules.some(({ name }) => name === kept.name);
  if (given === undefined ? !known : given.name !== kept?.name) {
    const [began, got] = [kept?.name ?? "none", given === undefined ? "none" : describeValue(given.name)];
    throw new HyperError({
      en: `resume: schedule must be the one that training began with, ${began}, got ${got}. ${kept === null ? "Leave it out." : "Give it: resume(data, { schedule })."}`,
      ja: `resume: 学習を始めたときと同じ schedule(${began})を指定してください(指定: ${got})。${kept === null ? "指定を外してください。" : "独自のスケジュールはファイルに残らないため、resume(data, { schedule }) で渡します。"}`,
    });
  }
  return given;
}

/** What a file keeps of a loss. */
export function lossSettings({ name, values, formula }: Loss) {
  return { name, hyper: values, ...(formula === undefined ? {} : { formula }) };
}
