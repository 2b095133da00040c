import { DivergedError } from "../../core/errors.ts";
import { ArenaScope } from "../../kernels/arena-scope.ts";
import type { KernelSet } from "../../kernels/kernels.ts";
import { modelFor } from "../../model/classify.ts";
import type { EncodedData } from "../../model/encode.ts";
import { fitOptionsOf, lossOfSettings } from "../../model/fit-settings.ts";
import { network } from "../../model/layers-of-blueprint.ts";
import { type AnyModel, modelFromBytes } from "../../model/load.ts";
import { dataFingerprint } from "../../model/prepare.ts";
import { type Objective, PrunedTrial } from "../trial.ts";
import { checkTableSpec, metricNamed, type TableSpec, trialSettings } from "./table-spec.ts";

export interface TableMeans {
  readonly kernels: KernelSet;
  readonly data: EncodedData;
  /** Whether a checkpoint is worth its bytes by now; asked after each epoch. Never when absent. */
  readonly checkpointDue?: () => boolean;
}

/**
 * Trains the network of a trial on the table as `tanren train` does with the study's seed, and gives what the rows held back
 * measure after the last epoch, or the best one where training stops early; reports it after every epoch, steps from 0, and may be pruned there. One that diverges is
 * worth the least there is, noted as `diverged`. An attempt whose trial has a checkpoint goes on from it, to the same bits.
 */
export function tableObjective(spec: TableSpec, { kernels, data, checkpointDue }: TableMeans): Objective {
  const { task, metric, seed } = spec;
  const checked = checkTableSpec(spec);
  const { worst } = metricNamed(metric);
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
      const model: AnyModel =
        begun ?? modelFor(task, network(text), { seed, kernels: own, loss: lossOfSettings(values) });
      let fit =
        begun === null
          ? model.fit(data, { ...fitOptionsOf(optimizer, values), signal })
          : model.resume(data, { signal });
      for (let whole = false; !whole; ) {
        whole = true;
        let due = false;
        for await (const event of fit) {
          // Not before training goes on: it may have stopped early with this epoch.
          if (due && event.kind === "step") {
            whole = false;
            break;
          }
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
          due = checkpointDue?.() ?? false;
        }
        if (!whole) {
          trial.checkpoint(model.toBytes());
          fit = model.resume(data, { signal });
        }
      }
      signal.throwIfAborted();
      const { history, resume } = model.toState();
      // Where training stops early, its weights are those of its best epoch.
      return history[metric]?.at(resume?.numbers.bestEpoch ?? -1) ?? worst;
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
