import { noSuchSetting, oneOf } from "../../core/checks.ts";
import { DivergedError } from "../../core/errors.ts";
import type { HyperValue } from "../../core/hyper.ts";
import type { Text } from "../../core/text.ts";
import type { Direction, ParameterValue } from "../../core/trial.ts";
import { ArenaScope } from "../../kernels/arena-scope.ts";
import type { KernelSet } from "../../kernels/kernels.ts";
import { mlp } from "../../model/blueprint.ts";
import { classify, multiLabel, regress } from "../../model/classify.ts";
import type { EncodedData } from "../../model/encode.ts";
import { fitOptionsOf, type SettingValues } from "../../model/fit-settings.ts";
import { network } from "../../model/layers-of-blueprint.ts";
import { type AnyModel, modelFromBytes } from "../../model/load.ts";
import type { ModelTask } from "../../model/model-state.ts";
import { dataFingerprint } from "../../model/prepare.ts";
import type { ActivationName } from "../../nn/activation.ts";
import { printNetwork } from "../../nn/network-text.ts";
import { optimizerNamed } from "../../optim/registry.ts";
import { scheduleNamed } from "../../schedule/registry.ts";
import { type Objective, PrunedTrial } from "../trial.ts";
import { hiddenSizesOf } from "./network-layers.ts";
import { networkSettings } from "./network-settings.ts";
import { checkNetwork, type Drawn, drawn, type NetworkSpec } from "./network-spec.ts";

/** A network on a table to be searched, as plain JSON; `data` is the table's file. */
export interface TableSpec extends NetworkSpec {
  readonly task: ModelTask;
  readonly targets: readonly string[];
  /** What the rows held back are measured by. */
  readonly metric: string;
}

/** What the rows held back may be measured by; the first where nothing is said. */
const metricsOf: Readonly<Record<ModelTask, readonly [string, ...string[]]>> = {
  classification: ["valAccuracy", "valLoss"],
  binary: ["valAccuracy", "valLoss"],
  multilabel: ["valF1", "valAccuracy", "valLoss"],
  regression: ["valRmse", "valR2", "valLoss"],
};

interface Metric {
  readonly name: Text;
  readonly direction: Direction;
  /** What a network is worth that diverged: no other is worse. */
  readonly worst: number;
}

const metrics: Readonly<Record<string, Metric>> = {
  valAccuracy: { name: { en: "validation accuracy", ja: "検証精度" }, direction: "maximize", worst: 0 },
  valF1: { name: { en: "validation F1", ja: "検証 F1" }, direction: "maximize", worst: 0 },
  valR2: { name: { en: "validation R²", ja: "検証 R²" }, direction: "maximize", worst: Number.NEGATIVE_INFINITY },
  valRmse: { name: { en: "validation RMSE", ja: "検証 RMSE" }, direction: "minimize", worst: Number.POSITIVE_INFINITY },
  valLoss: { name: { en: "validation loss", ja: "検証損失" }, direction: "minimize", worst: Number.POSITIVE_INFINITY },
};

/** The metric of that name, or the usual one of the task. @throws HyperError on one that the task has not */
export function metricOf(task: ModelTask, asked: string | undefined): string {
  const known = metricsOf[task];
  if (asked !== undefined) {
    oneOf("search", "metric", asked, known);
  }
  return asked ?? known[0];
}

export function metricNamed(name: string): Metric | undefined {
  return Object.hasOwn(metrics, name) ? metrics[name] : undefined;
}

/** Of the network's settings those that say nothing of a table: it is used whole, and weights begin as fits the activations. */
const notOfTables: readonly string[] = ["trainRows", "weightInit"];

/** As `tanren train` has them where nothing is said, so that what a trial finds is what that command trains. */
const usual: Readonly<Record<string, HyperValue>> = {
  optimizer: "adam",
  epochs: 100,
  batchSize: 32,
  hiddenSizes: [16, 16],
};

/**
 * The same description with what it leaves open as `train` has it.
 * @throws HyperError on an unknown name, a value out of range, layers that cannot be, an empty space
 */
export function checkTableSpec<S extends NetworkSpec>(spec: S): S {
  const named = namesIn(spec);
  const misplaced = named.find((name) => notOfTables.includes(name));
  if (misplaced !== undefined) {
    throw noSuchSetting(
      { en: "search on a table: ", ja: "表での探索: " },
      misplaced,
      Object.keys(networkSettings).filter((name) => !notOfTables.includes(name)),
    );
  }
  const open = Object.entries(usual).filter(
    ([name]) => !named.includes(name) && !(name === "hiddenSizes" && named.some((one) => saysLayers.includes(one))),
  );
  return { ...spec, ...checkNetwork({ ...spec, fixed: { ...Object.fromEntries(open), ...spec.fixed } }) };
}

const saysLayers: readonly string[] = ["network", "hidden", "layers"];

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
  spec: Pick<NetworkSpec, "space" | "fixed">,
  suggest: (name: string) => ParameterValue,
): TrialSettings {
  const { values, hyper, curve, asked } = drawn(suggest, spec);
  const { optimizer, schedule, epochs, batchSize, weightDecay, validationShare } = values;
  const ofLoss = Object.hasOwn(optimizerNamed(optimizer).hyper, "weightDecay") || weightDecay === 0;
  return {
    model: textOf(values, namesIn(spec)),
    optimizer,
    values: {
      ...hyper,
      ...{ epochs, batchSize },
      ...(ofLoss ? {} : { weightDecay }),
      ...(schedule === scheduleNamed(networkSettings.schedule.default).name ? {} : { schedule }),
      ...Object.fromEntries(Object.entries(curve).map(([name, value]) => [`${schedule}.${name}`, value])),
      validation: validationShare,
      ...asked,
    },
  };
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

export interface TableMeans {
  readonly kernels: KernelSet;
  readonly data: EncodedData;
  /** Whether a checkpoint is worth its bytes by now; asked after each epoch. Never when absent. */
  readonly checkpointDue?: () => boolean;
}

const makes = { classification: classify, binary: classify, multilabel: multiLabel, regression: regress } as const;

/**
 * Trains the network of a trial on the table as `tanren train` does with the study's seed, and gives what the rows held back
 * measure after the last epoch; reports it after every epoch, steps from 0, and may be pruned there. One that diverges is
 * worth the least there is, noted as `diverged`. An attempt whose trial has a checkpoint goes on from it, to the same bits.
 */
export function tableObjective(spec: TableSpec, { kernels, data, checkpointDue }: TableMeans): Objective {
  const { task, metric, seed } = spec;
  const checked = checkTableSpec(spec);
  const { worst } = metrics[metric];
  return async (trial) => {
    const {
      model: text,
      optimizer,
      values,
    } = trialSettings(checked, (name) => trial.suggest(name, checked.space[name]));
    const scope = new ArenaScope();
    const own = scope.within(kernels);
    const { signal } = trial;
    try {
      const begun = before(trial.resumed, own, data);
      const loss = task === "binary" ? { loss: "binaryCrossEntropy" } : {};
      const model: AnyModel = begun ?? makes[task](network(text), { seed, kernels: own, ...loss });
      let fit =
        begun === null
          ? model.fit(data, { ...fitOptionsOf(optimizer, values), signal })
          : model.resume(data, { signal });
      for (let whole = false; !whole; ) {
        whole = true;
        for await (const event of fit) {
          if (event.kind !== "epoch") {
            continue;
          }
          trial.report(event.metrics[metric], event.epoch);
          if (event.epoch + 1 === event.epochs) {
            continue;
          }
          if (trial.shouldPrune()) {
            throw new PrunedTrial();
          }
          if (checkpointDue?.()) {
            whole = false;
            break;
          }
        }
        if (!whole) {
          trial.checkpoint(model.toBytes());
          fit = model.resume(data, { signal });
        }
      }
      signal.throwIfAborted();
      return model.toState().history[metric]?.at(-1) ?? worst;
    } catch (error) {
      if (error instanceof DivergedError) {
        trial.note("diverged", { step: error.step, layer: error.layer });
        return worst;
      }
      throw error;
    } finally {
      scope.end();
    }
  };
}

/** The model that an attempt before left; null where there is none, or one of other kernels, which round otherwise. */
function before(left: unknown, kernels: KernelSet, data: EncodedData): AnyModel | null {
  if (!(left instanceof Uint8Array)) {
    return null;
  }
  const model = modelFromBytes(left, { kernels });
  const { resume } = model.toState();
  return resume?.kernels === kernels.name && resume.data === dataFingerprint(data) ? model : null;
}
