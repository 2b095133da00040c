import { checkOptions, type OptionNames } from "../core/checks.ts";
import type { FileBytes } from "../core/file-bytes.ts";
import type { KernelSet } from "../kernels/kernels.ts";
import type { Loss } from "../nn/loss.ts";
import { lossNamed } from "../nn/loss-registry.ts";
import type { Classifier, MultiLabeller, Regressor } from "./classify.ts";
import { Model } from "./model.ts";
import { checkState, modelFromBytes as stateFromBytes } from "./model-file.ts";
import type { ModelState } from "./model-state.ts";
import { ownLoss } from "./own-loss.ts";
import { layerOf } from "./placed-layers.ts";
import { tasks } from "./tasks.ts";

/** A model of whichever task. */
export type AnyModel = Classifier | Regressor | MultiLabeller;

export interface LoadOptions {
  /** The fastest of the platform when absent; a training goes on with those it began with. */
  readonly kernels?: KernelSet;
  /** The loss it was trained by, where that is a function of one's own, which no file holds. */
  readonly loss?: Loss;
}

const loadOptionNames: OptionNames<LoadOptions> = { kernels: true, loss: true };

/** @throws HyperError on a loss that is not known, FormulaError on a formula without meaning */
function lossKept({ name, hyper, formula }: ModelState["loss"]): Loss {
  return formula === undefined ? lossNamed(name, hyper) : ownLoss(name, formula);
}

/** A model as it was kept, ready to be asked. @throws DataError when its parts do not fit one another */
export function modelFromState(state: ModelState, options: LoadOptions = {}): AnyModel {
  checkOptions("modelFromState", options, loadOptionNames);
  checkState(state, "modelFromState");
  const task = tasks[state.task];
  const loss = options.loss ?? lossKept(state.loss);
  const { seed, weightInit } = state.training ?? { seed: 0, weightInit: "he" };
  return new Model(task as never, state.layers.map(layerOf), {
    kernels: options.kernels,
    seed,
    weightInit,
    loss,
    state,
  }) as AnyModel;
}

/**
 * A model of a file's bytes. Nothing in it is executed.
 * `options.name`: the file, for sentences.
 * @throws DataError on a file that holds no whole model
 */
export function modelFromBytes(bytes: FileBytes, options: LoadOptions & { readonly name?: string } = {}): AnyModel {
  checkOptions("modelFromBytes", options, { name: true, ...loadOptionNames });
  const { name = "model", ...rest } = options;
  return modelFromState(stateFromBytes(bytes, name), rest);
}
