import { noSuchSetting, oneOf } from "../../core/checks.ts";
import { HyperError } from "../../core/errors.ts";
import type { HyperSet, HyperValue } from "../../core/hyper.ts";
import type { Direction, ParameterValue } from "../../core/trial.ts";
import { mlp } from "../../model/blueprint.ts";
import { besideFolds, fitDetails, fitSettings, type SettingValues } from "../../model/fit-settings.ts";
import type { ModelTask } from "../../model/model-state.ts";
import type { ActivationName } from "../../nn/activation.ts";
import { losses } from "../../nn/loss-registry.ts";
import { printNetwork } from "../../nn/network-text.ts";
import { optimizerNamed } from "../../optim/registry.ts";
import { idleDetails } from "../../train/idle-details.ts";
import { hiddenSizesOf } from "./network-layers.ts";
import { networkSettings, searchableBeside } from "./network-settings.ts";
import { checkNetwork, type Drawn, drawn, type NetworkSpec } from "./network-spec.ts";

/** Of the rows held back. */
export type MetricName = "valAccuracy" | "valF1" | "valR2" | "valRmse" | "valLoss";

/** A network on a table to be searched, as plain JSON; `data` is the table's file. */
export interface TableSpec extends NetworkSpec {
  readonly task: ModelTask;
  readonly targets: readonly string[];
  /** What the rows held back are measured by. */
  readonly metric: MetricName;
  /** The file of a table that is measured instead of rows held back. */
  readonly validationData?: string;
}

/** What the rows held back may be measured by; the first where nothing is said. */
const metricsOf: Readonly<Record<ModelTask, readonly [MetricName, ...MetricName[]]>> = {
  classification: ["valAccuracy", "valLoss"],
  binary: ["valAccuracy", "valLoss"],
  multilabel: ["valF1", "valAccuracy", "valLoss"],
  regression: ["valRmse", "valR2", "valLoss"],
};

interface Metric {
  readonly direction: Direction;
  /** What a network is worth that diverged: no other is worse. */
  readonly worst: number;
}

const metrics: Readonly<Record<MetricName, Metric>> = {
  valAccuracy: { direction: "maximize", worst: 0 },
  valF1: { direction: "maximize", worst: 0 },
  valR2: { direction: "maximize", worst: Number.NEGATIVE_INFINITY },
  valRmse: { direction: "minimize", worst: Number.POSITIVE_INFINITY },
  valLoss: { direction: "minimize", worst: Number.POSITIVE_INFINITY },
};

/** The metric of that name, or the usual one of the task. @throws HyperError on one that the task has not */
export function metricOf(task: ModelTask, asked: string | undefined): MetricName {
  const known = metricsOf[task];
  if (asked !== undefined) {
    oneOf("search", "metric", asked, known);
  }
  return (asked as MetricName | undefined) ?? known[0];
}

export function metricNamed(name: MetricName): Metric {
  return metrics[name];
}

/** As `tanren train` has them where nothing is said, so that what a trial finds is what that command trains. */
const usual: Readonly<Record<string, HyperValue>> = {
  optimizer: "adam",
  epochs: fitSettings.epochs.default,
  batchSize: fitSettings.batchSize.default,
  hiddenSizes: [16, 16],
};

/** Settings that stand instead of the widths. */
const saysLayers: readonly string[] = ["network", "hidden", "layers"];

/**
 * The same description with what it leaves open as `train` has it.
 * @throws HyperError on an unknown name, a value out of range, layers that cannot be, an empty space
 */
export function checkTableSpec<S extends NetworkSpec & Pick<TableSpec, "validationData">>(spec: S): S {
  const named = namesIn(spec);
  const misplaced = named.find((name) => notOfTables.includes(name));
  if (misplaced !== undefined) {
    throw noSuchSetting({ en: "search on a table: ", ja: "表での探索: " }, misplaced, Object.keys(tableSettings));
  }
  if (named.includes("validation") && named.includes("validationShare")) {
    throw new HyperError({
      en: "validation: must be said once, got validationShare too, which is the same. Leave one out.",
      ja: "validation: validationShare と同じ設定です。どちらか一方にしてください。",
    });
  }
  checkFolds(spec, named);
  checkMeasuredApart(spec, named);
  const open = Object.entries(usual).filter(
    ([name]) => !named.includes(name) && !(name === "hiddenSizes" && named.some((one) => saysLayers.includes(one))),
  );
  const fixed = { ...Object.fromEntries(open), ...spec.fixed };
  return { ...spec, ...checkNetwork({ ...spec, fixed }, tableSettings) };
}

/** Makes sure that folds are the same in all trials, and all that rows are held back by. @throws HyperError */
function checkFolds({ space, fixed }: NetworkSpec, named: readonly string[]): void {
  if (Object.hasOwn(space, "folds")) {
    throw new HyperError({
      en: "--space folds: must be the same in all trials, got a range. Write --set folds=5.",
      ja: "--space folds: 分割数はすべての試行で同じでなければ比べられません。--set folds=5 のように固定してください。",
    });
  }
  const share = named.find((name) => name === "validation" || name === "validationShare");
  if (Number(fixed.folds ?? 0) !== 0 && share !== undefined) {
    throw besideFolds(share);
  }
}

/** Makes sure that no rows are held back where a table of its own is measured. @throws HyperError */
function checkMeasuredApart(
  { validationData, fixed }: Pick<TableSpec, "validationData" | "fixed">,
  named: readonly string[],
) {
  const held = named.find((name) => name === "validation" || name === "validationShare" || name === "folds");
  if (validationData !== undefined && held !== undefined && !(held === "folds" && Number(fixed.folds) === 0)) {
    throw new HyperError({
      en: `search: validation rows must be of one kind, got ${held} and --validation-data ${validationData}. Leave one away.`,
      ja: `search: 検証に使うデータは1通りに指定してください(${held} と --validation-data ${validationData} がありました)。どちらかを外してください。`,
    });
  }
}

/**
 * Makes sure that what is measured can be: the same for all trials, and for early stopping something that is.
 * @throws HyperError
 */
export function checkMeasured({ task, metric, space, fixed }: TableSpec): void {
  const searched = Object.keys(space).find(isOfLoss);
  if (metric === "valLoss" && searched !== undefined) {
    throw new HyperError({
      en: `--metric valLoss: must be the same loss in all trials, got ${searched} among what is searched. Take another metric, such as ${metricsOf[task][0]}.`,
      ja: `--metric valLoss: ${searched} を探索すると、試行ごとに損失の意味が変わり、比べられません。${metricsOf[task][0]} など別の指標を選んでください。`,
    });
  }
  const { stopMetric } = fixed;
  if (stopMetric !== undefined && stopMetric !== "") {
    oneOf("search", "stopMetric", String(stopMetric), ["loss", ...metricsOf[task]]);
  }
}

/** Whether a setting changes what the loss is. */
const isOfLoss = (name: string) =>
  name === "loss" || name === "labelSmoothing" || losses.some((loss) => name.startsWith(`${loss.name}.`));

const namesIn = ({ space, fixed }: Pick<NetworkSpec, "space" | "fixed">) => [
  ...Object.keys(space),
  ...Object.keys(fixed),
];

/** What `tanren train` is told to train what a trial does. */
export interface TrialSettings {
  /** All layers as text. */
  readonly model: string;
  readonly optimizer: string;
  /** Of the rule, the schedule and training, by name; those at their defaults are left out. */
  readonly values: SettingValues;
}

/** @param suggest what the trial draws, or drew */
export function trialSettings(
  spec: Pick<TableSpec, "space" | "fixed" | "validationData">,
  suggest: (name: string) => ParameterValue,
): TrialSettings {
  const { values, hyper, curve, asked } = drawn(suggest, spec, tableSettings);
  const { optimizer, schedule, epochs, batchSize, weightDecay, validationShare } = values;
  const inLoss = weightDecay !== 0 && !Object.hasOwn(optimizerNamed(optimizer).hyper, "weightDecay");
  return {
    model: textOf(values, namesIn(spec)),
    optimizer,
    values: {
      ...hyper,
      ...{ epochs, batchSize },
      ...(inLoss ? { weightDecay } : {}),
      ...(schedule === networkSettings.schedule.default ? {} : { schedule }),
      ...Object.fromEntries(Object.entries(curve).map(([name, value]) => [`${schedule}.${name}`, value])),
      ...(Number(asked.folds ?? 0) === 0 && spec.validationData === undefined ? { validation: validationShare } : {}),
      ...heeded(asked, optimizer),
    },
  };
}

/** What is asked for without what would do nothing in this trial: details of what is off, and decay that the rule has not. */
function heeded(asked: Drawn["asked"], optimizer: string): Drawn["asked"] {
  const isOff = (name: string) => (asked[name] ?? tableSettings[name].default) === tableSettings[name].default;
  const idle = idleDetails(fitDetails, isOff).map(([detail]) => detail);
  const decays = Object.hasOwn(optimizerNamed(optimizer).hyper, "weightDecay");
  return Object.fromEntries(
    Object.entries(asked).filter(([name]) => !idle.includes(name) && (decays || name !== "decayOf")),
  );
}

/** All layers but the last. */
function textOf(values: Drawn["values"], named: readonly string[]): string {
  if (named.includes("network")) {
    return values.network;
  }
  const { activation, batchNorm, dropRatio } = values;
  const { layers } = mlp(hiddenSizesOf(values, named), {
    activation: activation as ActivationName,
    batchNorm: batchNorm === "on",
    ...(dropRatio > 0 ? { dropRatio } : {}),
  });
  return printNetwork(layers).replaceAll("\n", "; ");
}

/** Of a network's settings those that say nothing of a table: it is used whole, and weights begin as fits the activations. */
export const notOfTables: readonly string[] = ["trainRows", "weightInit"];

/**
 * What may be fixed or searched of a network on a table: all that `tanren train` knows, by the same words, beside what says
 * the layers. `validation` is another word for `validationShare`.
 */
export const tableSettings: HyperSet = {
  ...fitSettings,
  ...Object.fromEntries(Object.entries(networkSettings).filter(([name]) => !notOfTables.includes(name))),
  validation: networkSettings.validationShare,
};

/** Every name that may be fixed or searched of a network on a table. */
export const searchableOfTables: HyperSet = searchableBeside(tableSettings);
