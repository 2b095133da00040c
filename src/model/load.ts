import { HyperError } from "../core/errors.ts";
import type { KernelSet } from "../kernels/kernels.ts";
import { lossNamed } from "../nn/loss-registry.ts";
import type { Classifier, MultiLabeller, Regressor } from "./classify.ts";
import { Model } from "./model.ts";
import { modelFromBytes as stateFromBytes } from "./model-file.ts";
import type { ModelState } from "./model-state.ts";
import { layerOf } from "./placed-layers.ts";
import { tasks } from "./tasks.ts";

/** A model of whichever task. */
export type AnyModel = Classifier | Regressor | MultiLabeller;

export interface LoadOptions {
  /** The fastest of the platform when absent; a training goes on with those it began with. */
  readonly kernels?: KernelSet;
}

/** A model as it was kept, ready to be asked. @throws DataError when its parts do not fit one another */
export function modelFromState(state: ModelState, options: LoadOptions = {}): AnyModel {
  const task = tasks[state.task];
  const loss = lossNamed(state.loss.name, state.loss.hyper);
  const { seed, weightInit } = state.training ?? { seed: 0, weightInit: "he" };
  return new Model(task as never, state.layers.map(layerOf), { ...options, seed, weightInit, loss, state }) as AnyModel;
}

/**
 * A model of a file's bytes. Nothing in it is executed.
 * @param name of the file, for sentences
 * @throws DataError on a file that holds no whole model
 */
export function modelFromBytes(bytes: Uint8Array, options: LoadOptions & { readonly name?: string } = {}): AnyModel {
  const { name = "model", ...rest } = options;
  return modelFromState(stateFromBytes(bytes, name), rest);
}

/** The same, where one knows what it tells. @throws HyperError when it tells something else */
export function asClassifier(model: AnyModel): Classifier {
  const state = model.toState();
  if (state.targets.kind !== "classes") {
    throw new HyperError({
      en: `model: must tell classes, got one of ${state.task}. Take another file.`,
      ja: `model: 分類のモデルではありません(${state.task})。別のファイルを使ってください。`,
    });
  }
  return model as Classifier;
}
