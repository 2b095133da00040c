import { checkOptions, wholeNumber } from "../core/checks.ts";
import type { ActivationName } from "../nn/activation.ts";
import type { DropoutVariant } from "../nn/dropout.ts";
import type { Layer } from "../nn/layer.ts";
import type { LayerSpec } from "../nn/layer-words.ts";
import { hiddenOptions, type MlpSpec, mlp as mlpLayers } from "../nn/mlp.ts";
import { survivalOfBlocks } from "../nn/residual.ts";

/** A network whose numbers of inputs and outputs come from the data; plain data. */
export interface Blueprint {
  readonly layers: readonly LayerSpec[];
  readonly dropoutVariant: DropoutVariant;
}

export interface MlpOptions {
  /** `relu` when absent. */
  readonly activation?: ActivationName;
  readonly batchNorm?: boolean;
  /** Share dropped; no Dropout layers when absent. */
  readonly dropRatio?: number;
  /** `inverted` when absent. */
  readonly dropoutVariant?: DropoutVariant;
  /** Puts a way around each hidden layer that is as wide as the one before it: y = x + F(x). */
  readonly residual?: boolean;
  /** Stochastic depth: chance that the last of these ways' layers are kept in training, the others more surely; 1 when absent. */
  readonly survival?: number;
}

/**
 * A fully connected network of these hidden widths: per layer Affine → [BatchNorm] → activation → [Dropout].
 * @throws HyperError on a width below 1 or an option out of range
 */
export function mlp(hiddenSizes: readonly number[], options?: MlpOptions): Blueprint;
/** The layers of a fully connected network whose sizes are all given. @throws HyperError on a size below 1 or an option out of range */
export function mlp(spec: MlpSpec): Layer[];
export function mlp(first: readonly number[] | MlpSpec, options: MlpOptions = {}): Blueprint | Layer[] {
  if (!isSizes(first)) {
    return mlpLayers(first);
  }
  checkOptions("mlp", options, hiddenOptions);
  const { activation = "relu", batchNorm = false, dropRatio, dropoutVariant = "inverted" } = options;
  const { residual = false, survival = 1 } = options;
  for (const [i, units] of first.entries()) {
    wholeNumber("mlp", `hiddenSizes[${i}]`, units, { min: 1 });
  }
  // What is wrong is refused here, where it was written, rather than when the data come.
  mlpLayers({ ...options, inputSize: first[0] ?? 1, hiddenSizes: first, classes: 2 });
  // Whether the first is as wide as the rows, the data say: no block is made of it.
  const survivals = [null, ...(residual ? survivalOfBlocks(first, survival) : [])];
  const layers = first.flatMap((units, i): LayerSpec[] => [
    { kind: "affine", units },
    ...(batchNorm ? [{ kind: "batchnorm" } as const] : []),
    { kind: activation },
    ...(dropRatio === undefined ? [] : [{ kind: "dropout", dropRatio } as const]),
    ...(typeof survivals[i] === "number" ? [{ kind: "residual", survival: survivals[i], layers: 1 } as const] : []),
  ]);
  return { layers, dropoutVariant };
}

/** The initialiser that fits the activations: He's for ReLU, Xavier's else. */
export function fittingInit({ layers }: Blueprint): "he" | "xavier" {
  return layers.some(({ kind }) => kind === "sigmoid" || kind === "tanh") ? "xavier" : "he";
}

function isSizes(given: readonly number[] | MlpSpec): given is readonly number[] {
  return Array.isArray(given);
}
