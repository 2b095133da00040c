import { finiteNumber, wholeNumber } from "../core/checks.ts";
import { HyperError, suggestName } from "../core/errors.ts";
import type { Loss } from "../nn/loss.ts";
import { optimizerFromText } from "../optim/from-text.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { optimizerNamed, optimizers } from "../optim/registry.ts";
import { scheduleNamed } from "../schedule/registry.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { type Changes, changesIn } from "../train/techniques/changes.ts";
import type { Techniques } from "../train/techniques.ts";
import type { ModelData } from "./encode.ts";
import type { NamedSettings, StopEarlySettings, TrainingSettings } from "./model-state.ts";

/** Beside what is here, every technique of training, and every one that changes rows or targets by its settings' names. */
export interface FitOptions extends Techniques, Partial<Changes> {
  /** The column to be told, or several; needed for rows of objects, and for tables that do not say it. */
  readonly target?: string | readonly string[];
  /** A value (`adam({ lr: 0.01 })`) or a name; Adam when absent. */
  readonly optimizer?: Optimizer | string;
  /** Over the optimizer's own values: `{ lr: 0.01 }`. */
  readonly hyper?: Readonly<Record<string, number>>;
  /** A value (`cosine({ minLr: 1e-5 })`) or a name; the rate stays when absent. */
  readonly schedule?: Schedule | string;
  /** 100 when absent. */
  readonly epochs?: number;
  /** Rows of a minibatch; 32 when absent, all rows where there are fewer. */
  readonly batchSize?: number;
  /** `shuffle` (when absent): each epoch sees every row once, in a new order; `draw`: with replacement, as in the book. */
  readonly batches?: "shuffle" | "draw";
  /** λ of ½·λ·ΣW²; 0 when absent. */
  readonly weightDecay?: number;
  /** Share of the rows to hold back (of each class alike), or other rows: measured after each epoch. */
  readonly validation?: number | ModelData;
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
  if (typeof validation === "number") {
    finiteNumber("fit", "validation", validation, { min: 0, below: 1 });
  }
  if (stopEarly !== undefined) {
    wholeNumber("fit", "stopEarly.patience", stopEarly.patience, { min: 1 });
  }
  if (checkpoint !== undefined) {
    wholeNumber("fit", "checkpoint.every", checkpoint.every, { min: 1 });
  }
  if (batches !== "shuffle" && batches !== "draw") {
    const { en, ja } = suggestName(String(batches), ["shuffle", "draw"]);
    throw new HyperError({
      en: `fit: batches must be shuffle or draw, got "${batches}". ${en}`,
      ja: `fit: batches には shuffle か draw を指定してください(指定された値: "${batches}")。${ja}`,
    });
  }
  const techniques = techniquesIn(options);
  const changes = changesIn("fit: ", options);
  const validated = validation !== undefined && validation !== 0;
  return {
    optimizer: optimizerSettings(options.optimizer ?? "adam", options.hyper ?? {}),
    schedule: options.schedule === undefined ? null : scheduleSettings(options.schedule),
    epochs,
    batchSize,
    batches,
    weightDecay,
    weightInit,
    seed,
    validation: typeof validation === "number" ? validation : 0,
    stopEarly: stopEarly === undefined ? null : stopSettings(stopEarly, validated),
    classWeights: classWeights ?? null,
    ...(Object.keys(techniques).length === 0 ? {} : { techniques }),
    ...(Object.keys(changes).length === 0 ? {} : { changes }),
  };
}

const techniqueNames = ["l1", "groups", "decayOf", "clip", "accumulate", "average", "lookahead", "maxNorm"] as const;

/** The techniques among the options of a training, in one order. */
function techniquesIn(options: Techniques): Techniques {
  return Object.fromEntries(
    techniqueNames.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  );
}

function stopSettings(
  { patience, metric }: { patience: number; metric?: string },
  validated: boolean,
): StopEarlySettings {
  return { patience, metric: metric ?? (validated ? "valLoss" : "loss") };
}

function valuesOf(set: Optimizer["hyper"], over: Readonly<Record<string, number>>): Record<string, unknown> {
  const own = Object.fromEntries(Object.entries(set).map(([name, { default: value }]) => [name, value]));
  return { ...own, ...over };
}

function optimizerSettings(given: Optimizer | string, hyper: Readonly<Record<string, number>>): NamedSettings {
  const optimizer = typeof given === "string" ? optimizerNamed(given) : given;
  const unknown = Object.keys(hyper).find((name) => !Object.hasOwn(optimizer.hyper, name));
  if (unknown !== undefined) {
    const { en, ja } = suggestName(unknown, Object.keys(optimizer.hyper));
    throw new HyperError({
      en: `fit: ${optimizer.name} has no hyper-parameter called ${unknown}. ${en}`,
      ja: `fit: ${optimizer.name} に ${unknown} というハイパーパラメータはありません。${ja}`,
    });
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
  return {
    name: schedule.name,
    hyper: Object.fromEntries(Object.entries(schedule.hyper).map(([name, { default: value }]) => [name, value])),
  };
}

/** What a file keeps of a loss. */
export function lossSettings({ name, values, formula }: Loss) {
  return { name, hyper: values, ...(formula === undefined ? {} : { formula }) };
}
