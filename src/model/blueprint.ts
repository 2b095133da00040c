import { HyperError, suggestName } from "../core/errors.ts";
import { type ActivationName, activationNames } from "../nn/activation.ts";
import { buildNetwork, imageAsked } from "../nn/build-network.ts";
import { Dropout, type DropoutVariant } from "../nn/dropout.ts";
import { type ImageShape, imageSize } from "../nn/image-shape.ts";
import type { Layer } from "../nn/layer.ts";
import { imageKinds, type LayerSpec } from "../nn/layer-words.ts";
import { type MlpSpec, mlp as mlpLayers } from "../nn/mlp.ts";
import { parseNetwork } from "../nn/network-text.ts";
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

/** A fully connected network of these hidden widths: per layer Affine → [BatchNorm] → activation → [Dropout]. */
export function mlp(hiddenSizes: readonly number[], options?: MlpOptions): Blueprint;
/** The layers of a fully connected network whose sizes are all given. */
export function mlp(spec: MlpSpec): Layer[];
export function mlp(first: readonly number[] | MlpSpec, options: MlpOptions = {}): Blueprint | Layer[] {
  if (!isSizes(first)) {
    return mlpLayers(first);
  }
  const { activation = "relu", batchNorm = false, dropRatio, dropoutVariant = "inverted" } = options;
  const { residual = false, survival = 1 } = options;
  if (!activationNames.includes(activation)) {
    const { en, ja } = suggestName(String(activation), activationNames);
    throw new HyperError({
      en: `mlp: activation must be a known name, got "${activation}". ${en}`,
      ja: `mlp: "${activation}" という活性化関数はありません。${ja}`,
    });
  }
  // Whether the first is as wide as the rows, the data say: no block is made of it.
  const survivals = [null, ...(residual ? survivalOfBlocks(first, survival) : [])];
  const layers = first.flatMap((units, i): LayerSpec[] => [
    { kind: "affine", units },
    ...(batchNorm ? [{ kind: "batchnorm" } as const] : []),
    { kind: activation },
    ...(dropRatio === undefined ? [] : [{ kind: "dropout", dropRatio } as const]),
    ...(typeof survivals[i] === "number" ? [{ kind: "residual", survival: survivals[i] } as const] : []),
  ]);
  if (dropRatio !== undefined) {
    // Refused here, where it was written, rather than when the data come.
    new Dropout(1, dropRatio, dropoutVariant);
  }
  return checked({ layers, dropoutVariant });
}

/**
 * A network of a text, as the sandbox reads it: `affine 64; batchnorm; relu; dropout 0.2`, or
 * `conv2d 16 size=3 padding=1; relu; maxPool 2; affine 64; relu`. Where the data do not say that a row is an image,
 * `image 28 28` at the beginning does.
 * @throws NetworkTextError
 */
export function network(text: string, options: Pick<MlpOptions, "dropoutVariant"> = {}): Blueprint {
  return checked({ layers: parseNetwork(text), dropoutVariant: options.dropoutVariant ?? "inverted" });
}

/**
 * The layers for data of so many inputs and outputs, with the last Affine.
 * @param image what a row of the data is; null where they say nothing of it
 */
export function layersOf(
  { layers, dropoutVariant }: Blueprint,
  { inputs, image, outputs }: { readonly inputs: number; readonly image: ImageShape | null; readonly outputs: number },
): Layer[] {
  return buildNetwork(layers, { inputSize: inputs, image, classes: outputs, dropoutVariant });
}

/** The initialiser that fits the activations: He's for ReLU, Xavier's else. */
export function fittingInit({ layers }: Blueprint): "he" | "xavier" {
  return layers.some(({ kind }) => kind === "sigmoid" || kind === "tanh") ? "xavier" : "he";
}

/** Layers that do not fit all numbers of columns. */
const asksOfInputs: readonly string[] = [...imageKinds, "maxout"];

function checked(blueprint: Blueprint): Blueprint {
  const image = imageAsked(blueprint.layers);
  const first = blueprint.layers.findIndex(({ kind }) => kind === "affine");
  const before = blueprint.layers.slice(0, first < 0 ? undefined : first);
  // As many inputs as fit a block at the beginning: how many there are, the data say, and whether they are images.
  if (image !== null) {
    layersOf(blueprint, { inputs: imageSize(image), image, outputs: 1 });
  } else if (!before.some(({ kind }) => asksOfInputs.includes(kind))) {
    const { units } = (blueprint.layers[first] ?? { units: 1 }) as { readonly units: number };
    layersOf(blueprint, { inputs: units, image, outputs: 1 });
  }
  return blueprint;
}

function isSizes(given: readonly number[] | MlpSpec): given is readonly number[] {
  return Array.isArray(given);
}
