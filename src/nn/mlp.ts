import { checkOptions, type OptionNames, oneOf, optionOf, refuse } from "../core/checks.ts";
import { type ActivationName, activationNames, activations } from "./activation.ts";
import { Affine } from "./affine.ts";
import { BatchNorm } from "./batch-norm.ts";
import { Dropout, type DropoutVariant } from "./dropout.ts";
import type { Layer } from "./layer.ts";
import { Residual, survivalOfBlocks } from "./residual.ts";

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
  /** Puts a way around each hidden layer that keeps its width: y = x + F(x). */
  readonly residual?: boolean;
  /** Stochastic depth: chance that the last of these ways' layers are kept in training, the others more surely; 1 when absent. */
  readonly survival?: number;
}

/** How the hidden layers of an {@link MlpSpec} are made. */
export const hiddenOptions = {
  activation: true,
  batchNorm: true,
  dropRatio: true,
  dropoutVariant: true,
  residual: true,
  survival: true,
} as const satisfies OptionNames<Omit<MlpSpec, "inputSize" | "hiddenSizes" | "classes">>;

/**
 * The layers, per hidden layer: Affine → [BatchNorm] → activation → [Dropout], as one residual block where asked for; then
 * one Affine to the classes.
 * @throws HyperError on a size that is no whole number of 1 or more, a single class, an unknown activation, a drop ratio outside [0, 1)
 */
export function mlp(spec: MlpSpec): Layer[] {
  checkOptions("mlp", spec, { inputSize: true, hiddenSizes: true, classes: true, ...hiddenOptions });
  const { activation = "relu", batchNorm = false, dropRatio, dropoutVariant = "book", survival = 1 } = spec;
  oneOf("mlp", "activation", activation, activationNames);
  for (const flag of ["batchNorm", "residual"] as const) {
    // "off" would be on.
    if (typeof (spec[flag] ?? false) !== "boolean") {
      refuse(optionOf("mlp", flag), { en: "true or false", ja: "true か false" }, spec[flag]);
    }
  }
  if (spec.classes === 1) {
    refuse(optionOf("mlp", "classes"), { en: "2 or more", ja: "2以上" }, 1, {
      en: "For one number use regress(mlp([16])).",
      ja: "数値の予測には regress(mlp([16])) を使ってください。",
    });
  }
  const layers: Layer[] = [];
  const survivals = spec.residual ? survivalOfBlocks([spec.inputSize, ...spec.hiddenSizes], survival) : [];
  let width = spec.inputSize;
  for (const [i, size] of spec.hiddenSizes.entries()) {
    const hidden: Layer[] = [new Affine(width, size)];
    if (batchNorm) {
      hidden.push(new BatchNorm(size));
    }
    hidden.push(new activations[activation](size));
    if (dropRatio !== undefined) {
      hidden.push(new Dropout(size, dropRatio, dropoutVariant));
    }
    const kept = survivals[i] ?? null;
    layers.push(...(kept === null ? hidden : [new Residual(hidden, { survival: kept })]));
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
