import { DivergedError } from "../../core/errors.ts";
import { meanOf } from "../../core/long-lists.ts";
import { ArenaScope } from "../../kernels/arena-scope.ts";
import type { KernelName, KernelSet } from "../../kernels/kernels.ts";
import { modelFor } from "../../model/classify.ts";
import type { EncodedData } from "../../model/encode.ts";
import type { Fit } from "../../model/fit.ts";
import { fitOptionsOf, lossOfSettings } from "../../model/fit-settings.ts";
import { keptEpoch } from "../../model/kept-epoch.ts";
import { network } from "../../model/layers-of-blueprint.ts";
import { type AnyModel, modelFromBytes } from "../../model/load.ts";
import type { ResumeOptions } from "../../model/model-options.ts";
import { dataFingerprint } from "../../model/prepare.ts";
import type { Table } from "../../model/table.ts";
import { type Objective, PrunedTrial, type Trial } from "../trial.ts";
import { checkTableSpec, type MetricName, metricNamed, type TableSpec, trialSettings } from "./table-spec.ts";

export interface TableMeans {
  readonly kernels: KernelSet;
  readonly data: EncodedData;
  /** The table that is measured, where the spec names one. */
  readonly validation?: Table;
  /** Whether a checkpoint is worth its bytes by now; asked after each epoch. Never when absent. */
  readonly checkpointDue?: () => boolean;
}

/**
 * Trains the network of a trial on the table as `tanren train` does with the study's seed, and gives what the rows held
 * back, or the table given beside, measure after the last epoch, or the best one where training stops early; reports it after
 * every epoch, steps from 0, and may be pruned there. With folds it gives their mean, reports that of those done after each,
 * and may be pruned between two. One that diverges is worth the least there is, noted as `diverged`. An attempt whose trial
 * has a checkpoint goes on from it, to the same bits.
 */
export function tableObjective(spec: TableSpec, { kernels, data, validation, checkpointDue }: TableMeans): Objective {
  const { task, metric, seed } = spec;
  const checked = checkTableSpec(spec);
  const { worst } = metricNamed(metric);
  return async (trial) => {
    const {
      model: text,
      optimizer,
      values,
    } = trialSettings(checked, (name) => trial.suggest(name, checked.space[name]));
    const measured = validation === undefined ? {} : { validation };
    const goOn = { ...measured, signal: trial.signal };
    const options = { ...fitOptionsOf(optimizer, values), ...goOn };
    const scope = new ArenaScope();
    const own = scope.within(kernels);
    const modelOfTrial = () => modelFor(task, network(text), { seed, kernels: own, loss: lossOfSettings(values) });
    const means = { data, metric, goOn, due: () => checkpointDue?.() ?? false };
    try {
      const folds = Number(values.folds ?? 0);
      if (folds === 0) {
        const begun = before(trial.resumed, own, data);
        const model = begun ?? modelOfTrial();
        const fit = begun === null ? model.fit(data, options) : model.resume(data, goOn);
        return (await trained(trial, model, fit, means)) ?? worst;
      }
      const fold = async (fold: number) => {
        const model = modelOfTrial();
        try {
          await model.fit(data, { ...options, validation: { fold, of: folds } });
          return keptValue(model, metric);
        } finally {
          scope.end();
        }
      };
      return (await overFolds(trial, { count: folds, kernels: kernels.name, due: means.due, fold })) ?? worst;
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

interface Means {
  readonly data: EncodedData;
  readonly metric: MetricName;
  readonly goOn: ResumeOptions;
  readonly due: () => boolean;
}

/** Trains a trial's one network to its end; what it is worth then, null of what is not finite. */
async function trained(
  trial: Trial,
  model: AnyModel,
  begun: Fit,
  { data, metric, goOn, due }: Means,
): Promise<number | null> {
  const { signal } = trial;
  let fit = begun;
  for (let whole = false; !whole; ) {
    whole = true;
    for await (const event of fit) {
      if (event.kind !== "epoch") {
        continue;
      }
      trial.report(event.metrics[metric], event.epoch);
      if (event.last) {
        continue;
      }
      if (trial.shouldPrune()) {
        throw new PrunedTrial();
      }
      if (due()) {
        whole = false;
        break;
      }
    }
    if (!whole) {
      trial.checkpoint(model.toBytes());
      fit = model.resume(data, goOn);
    }
  }
  signal.throwIfAborted();
  return keptValue(model, metric);
}

/** What a model's rows held back measure of the weights that it keeps; null of what is not finite. */
function keptValue(model: AnyModel, metric: MetricName): number | null {
  const { history, training } = model.toState();
  return history[metric]?.[keptEpoch(history, training?.stopEarly ?? null)] ?? null;
}

/** What an attempt leaves between two folds. */
interface FoldsDone {
  readonly kernels: KernelName;
  readonly values: readonly number[];
}

interface Folds {
  readonly count: number;
  readonly kernels: KernelName;
  readonly due: () => boolean;
  /** What a network is worth that has not seen this fold, from 0; null of what is not finite. */
  readonly fold: (fold: number) => Promise<number | null>;
}

/** The mean over all folds, those that an attempt before did among them; null where one is not finite. */
async function overFolds(trial: Trial, { count, kernels, due, fold }: Folds): Promise<number | null> {
  const left = trial.resumed as FoldsDone | undefined;
  const values = left?.kernels === kernels ? [...left.values] : [];
  while (values.length < count) {
    const value = await fold(values.length);
    trial.signal.throwIfAborted();
    if (value === null) {
      return null;
    }
    values.push(value);
    trial.report(meanOf(values), values.length - 1);
    if (values.length < count) {
      if (trial.shouldPrune()) {
        throw new PrunedTrial();
      }
      if (due()) {
        trial.checkpoint({ kernels, values: [...values] });
      }
    }
  }
  return meanOf(values);
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
