import { DataError, suggestName } from "../core/errors.ts";
import type { Told } from "../core/text.ts";
import { type ActivationName, activationNames, activations } from "../nn/activation.ts";
import { Affine } from "../nn/affine.ts";
import { BatchNorm } from "../nn/batch-norm.ts";
import { Conv2d } from "../nn/conv2d.ts";
import { Dropout, type DropoutVariant } from "../nn/dropout.ts";
import type { ImageShape, Window } from "../nn/image-shape.ts";
import type { Layer } from "../nn/layer.ts";
import { LayerNorm } from "../nn/layer-norm.ts";
import { Maxout } from "../nn/maxout.ts";
import { layerNames } from "../nn/network-plan.ts";
import { AveragePool, Flatten, GlobalAveragePool, MaxPool } from "../nn/pooling.ts";
import { PRelu } from "../nn/prelu.ts";
import { Residual } from "../nn/residual.ts";
import { RmsNorm } from "../nn/rms-norm.ts";

export interface Placed {
  /** Columns that come in and go out. */
  readonly inputs: number;
  readonly outputs: number;
}

/** A layer as a file names it: plain JSON. */
export type PlacedLayer =
  | (Placed & { readonly kind: "affine" })
  | (Placed & { readonly kind: ActivationName })
  | (Placed & {
      readonly kind: "batchNorm";
      /** Where each channel is normalized over all pixels; absent where each column is. */
      readonly image?: ImageShape;
      /** Added to the variance. */
      readonly eps: number;
      /** Share of the running statistics that one batch leaves in place. */
      readonly momentum: number;
    })
  | (Placed & {
      readonly kind: "dropout";
      readonly dropRatio: number;
      /** `book`: evaluation multiplies by (1 − dropRatio); `inverted`: evaluation changes nothing. */
      readonly variant: DropoutVariant;
    })
  | (Placed & { readonly kind: "layerNorm" | "rmsNorm"; readonly eps: number })
  | (Placed & {
      readonly kind: "prelu";
      /** Where the pixels share a slope a channel; absent where each column has its own. */
      readonly image?: ImageShape;
    })
  | (Placed & { readonly kind: "flatten" })
  | (Placed & { readonly kind: "maxout"; readonly pieces: number })
  | (Placed & Window & { readonly kind: "conv2d"; readonly input: ImageShape; readonly filters: number })
  | (Placed & Window & { readonly kind: "maxPool" | "averagePool"; readonly input: ImageShape })
  | (Placed & { readonly kind: "globalAveragePool"; readonly input: ImageShape })
  | (Placed & {
      readonly kind: "residual";
      /** What F consists of. */
      readonly layers: readonly PlacedLayer[];
      /** Chance that F is kept in training; how often it counts in evaluation. */
      readonly survival: number;
    });

type Spec<K extends PlacedLayer["kind"]> = PlacedLayer & { kind: K };

/** How one kind of layer is kept and made again. A new kind of layer adds a row to the table below. */
interface LayerKeeping {
  readonly kept: (layer: never) => object;
  readonly made: (spec: never) => Layer;
  /** What is kept of its tensors, by the layer's own names; rows of [1, n] are kept as vectors [n]. */
  readonly tensors: readonly string[];
}

function keeping<L extends Layer, S>(
  kept: (layer: L) => object,
  made: (spec: S) => Layer,
  tensors: readonly string[],
): LayerKeeping {
  return { kept, made, tensors } as unknown as LayerKeeping;
}

const activationKeeping = Object.fromEntries(
  activationNames.map((name) => [
    name,
    keeping(
      () => ({}),
      ({ inputs }: Placed) => new activations[name](inputs),
      [],
    ),
  ]),
);

const keepings: Readonly<Record<string, LayerKeeping>> = {
  ...activationKeeping,
  affine: keeping(
    () => ({}),
    ({ inputs, outputs }: Placed) => new Affine(inputs, outputs),
    ["W", "b"],
  ),
  batchNorm: keeping(
    ({ image, eps, momentum }: BatchNorm) => ({ ...(image === null ? {} : { image }), eps, momentum }),
    ({ inputs, image, eps, momentum }: Spec<"batchNorm">) => new BatchNorm(image ?? inputs, { eps, momentum }),
    ["gamma", "beta", "runningMean", "runningVariance"],
  ),
  dropout: keeping(
    ({ ratio, variant }: Dropout) => ({ dropRatio: ratio, variant }),
    ({ inputs, dropRatio, variant }: Extract<PlacedLayer, { kind: "dropout" }>) =>
      new Dropout(inputs, dropRatio, variant),
    [],
  ),
  layerNorm: keeping(
    ({ eps }: LayerNorm) => ({ eps }),
    ({ inputs, eps }: Spec<"layerNorm">) => new LayerNorm(inputs, { eps }),
    ["gamma", "beta"],
  ),
  rmsNorm: keeping(
    ({ eps }: RmsNorm) => ({ eps }),
    ({ inputs, eps }: Spec<"rmsNorm">) => new RmsNorm(inputs, { eps }),
    ["gamma"],
  ),
  // Where its slopes began is no part of it any more.
  prelu: keeping(
    ({ image }: PRelu) => (image === null ? {} : { image }),
    ({ inputs, image }: Spec<"prelu">) => new PRelu(image ?? inputs),
    ["a"],
  ),
  maxout: keeping(
    ({ pieces }: Maxout) => ({ pieces }),
    ({ inputs, pieces }: Spec<"maxout">) => new Maxout(inputs, pieces),
    [],
  ),
  conv2d: keeping(
    ({ input, output, window }: Conv2d) => ({ input, filters: output.channels, ...window }),
    ({ input, filters, size, stride, padding }: Spec<"conv2d">) =>
      new Conv2d(input, { filters, size, stride, padding }),
    ["W", "b"],
  ),
  maxPool: keeping(
    ({ input, window }: MaxPool) => ({ input, ...window }),
    ({ input, size, stride, padding }: Spec<"maxPool">) => new MaxPool(input, { size, stride, padding }),
    [],
  ),
  averagePool: keeping(
    ({ input, window }: AveragePool) => ({ input, ...window }),
    ({ input, size, stride, padding }: Spec<"averagePool">) => new AveragePool(input, { size, stride, padding }),
    [],
  ),
  globalAveragePool: keeping(
    ({ input }: GlobalAveragePool) => ({ input }),
    ({ input }: Spec<"globalAveragePool">) => new GlobalAveragePool(input),
    [],
  ),
  // Its tensors are those of its layers.
  residual: keeping(
    ({ layers, survival }: Residual) => ({ layers: layers.map(placedLayer), survival }),
    ({ layers, survival }: Spec<"residual">) => new Residual(layers.map(layerOf), { survival }),
    [],
  ),
  flatten: keeping(
    () => ({}),
    ({ inputs }: Placed) => new Flatten({ height: 1, width: 1, channels: inputs }),
    [],
  ),
};

/** @throws DataError on a kind of layer that is unknown, with what to do about it */
function keepingOf(kind: string, advice: Told): LayerKeeping {
  if (!Object.hasOwn(keepings, kind)) {
    const { en, ja } = suggestName(String(kind), Object.keys(keepings));
    throw new DataError({
      en: `model: every layer must be of a known kind, got "${kind}". ${en} ${advice.en}`,
      ja: `model: 層の種類 "${kind}" を知りません。${ja}${advice.ja}`,
    });
  }
  return keepings[kind];
}

const ofNewer = {
  en: "A newer version of Tanren may know it.",
  ja: "新しい版の Tanren なら読めるかもしれません。",
};
const ofOnesOwn = {
  en: "A layer of one's own is in no file: train it with openTraining and train.",
  ja: "独自の層はファイルに保存できないため、openTraining と train で学習させてください。",
};

/** A layer as a file names it. @throws DataError on a layer of one's own, which no file can make again */
export function placedLayer(layer: Layer): PlacedLayer {
  const settings = keepingOf(layer.kind, ofOnesOwn).kept(layer as never);
  const placed = { kind: layer.kind, inputs: layer.inputSize, outputs: layer.outputSize, ...settings } as PlacedLayer;
  // A class derived from one of ours computes something else under its kind.
  if (layerOf(placed).constructor !== layer.constructor) {
    const { name } = layer.constructor;
    throw new DataError({
      en: `model: every layer must be of a known kind, got ${name}, which is derived from that of "${layer.kind}". ${ofOnesOwn.en}`,
      ja: `model: ${name} は "${layer.kind}" の層から派生した独自の層です。${ofOnesOwn.ja}`,
    });
  }
  return placed;
}

/** The layer that a file names. @throws DataError on an unknown kind, HyperError on a setting out of range */
export function layerOf(spec: PlacedLayer): Layer {
  return keepingOf(spec.kind, ofNewer).made(spec as never);
}

/** A layer like another, which works in a network of its own. @throws DataError on a layer of one's own */
export function likeLayer(layer: Layer): Layer {
  // With the values that its parameters start from, which no file keeps.
  return Object.assign(layerOf(placedLayer(layer)), { parameters: layer.parameters });
}

/**
 * Names of each layer's tensors in a file by the layer's own names: `{ W: "W1", b: "b1" }`, of a residual block
 * `{ "affine1.W": "W2" }`. The book's: the layer's name and a number from 1, counted over the layers that have such a tensor,
 * those within blocks where they stand.
 * @throws DataError on an unknown kind
 */
export function layerTensors(layers: readonly PlacedLayer[]): Readonly<Record<string, string>>[] {
  return counted(layers, new Map());
}

function counted(layers: readonly PlacedLayer[], counts: Map<string, number>): Readonly<Record<string, string>>[] {
  return layers.map((spec) => {
    const names: Record<string, string> = {};
    for (const key of keepingOf(spec.kind, ofNewer).tensors) {
      const number = (counts.get(key) ?? 0) + 1;
      counts.set(key, number);
      names[key] = `${key}${number}`;
    }
    const within = layersWithin(spec);
    const own = counted(within, counts);
    layerNames(within).forEach((prefix, i) => {
      for (const [key, name] of Object.entries(own[i])) {
        names[`${prefix}.${key}`] = name;
      }
    });
    return names;
  });
}

/** The layers that a layer is made of; none of all but blocks. */
export function layersWithin(spec: PlacedLayer): readonly PlacedLayer[] {
  return spec.kind === "residual" ? spec.layers : [];
}
