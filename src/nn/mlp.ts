import { HyperError, suggest, suggestName } from "../core/errors.ts";
import { type ActivationName, activationNames, activations } from "./activation.ts";
import { Affine } from "./affine.ts";
import { BatchNorm } from "./batch-norm.ts";
import { Dropout, type DropoutVariant } from "./dropout.ts";
import type { Layer } from "./layer.ts";

/** A fully connected network: plain data, so that it can be sent to a worker or kept in a record. */
export interface MlpSpec {
  readonly inputSize: number;
  readonly hiddenSizes: readonly number[];
  readonly classes: number;
  /** `relu` when absent. */
  readonly activation?: ActivationName;
  readonly batchNorm?: boolean;
  /** Share dropped; no Dropout layers when absent. */
  readonly dropRatio?: number;
  readonly dropoutVariant?: DropoutVariant;
}

/**
 * The layers, per hidden layer: Affine → [BatchNorm] → activation → [Dropout]; then one Affine to the classes.
 * @throws HyperError on a size that is no whole number of 1 or more, an unknown activation, a drop ratio outside [0, 1)
 */
export function mlp(spec: MlpSpec): Layer[] {
  const { activation = "relu", batchNorm = false, dropRatio, dropoutVariant = "book" } = spec;
  if (!Object.hasOwn(activations, activation)) {
    throw new HyperError({
      en: `mlp: activation must be a known name, got "${activation}". ${suggest(String(activation), activationNames)}`,
      ja: `mlp: "${activation}" という活性化関数はありません。${suggestName(String(activation), activationNames).ja}`,
    });
  }
  const layers: Layer[] = [];
  let width = spec.inputSize;
  for (const size of spec.hiddenSizes) {
    layers.push(new Affine(width, size));
    if (batchNorm) {
      layers.push(new BatchNorm(size));
    }
    layers.push(new activations[activation](size));
    if (dropRatio !== undefined) {
      layers.push(new Dropout(size, dropRatio, dropoutVariant));
    }
    width = size;
  }
  layers.push(new Affine(width, spec.classes));
  return layers;
}

/** How many normals `initialize` draws for the network: one a weight. */
export function weightCount(spec: MlpSpec): number {
  const sizes = [spec.inputSize, ...spec.hiddenSizes, spec.classes];
  return sizes.slice(1).reduce((sum, size, i) => sum + size * sizes[i], 0);
}
