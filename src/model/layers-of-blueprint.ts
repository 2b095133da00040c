import { checkOptions, refuse } from "../core/checks.ts";
import { buildNetwork, imageAsked } from "../nn/build-network.ts";
import { type ImageShape, imageSize } from "../nn/image-shape.ts";
import type { Layer } from "../nn/layer.ts";
import { imageKinds } from "../nn/layer-words.ts";
import { parseNetwork } from "../nn/network-text.ts";
import type { Blueprint, MlpOptions } from "./blueprint.ts";

/**
 * A network of a text, as the sandbox reads it: `affine 64; batchnorm; relu; dropout 0.2`, or
 * `conv2d 16 size=3 padding=1; relu; maxPool 2; affine 64; relu`. Where the data do not say that a row is an image,
 * `image 28 28` at the beginning does.
 * @throws NetworkTextError
 */
export function network(text: string, options: Pick<MlpOptions, "dropoutVariant"> = {}): Blueprint {
  checkOptions("network", options, { dropoutVariant: true });
  if (typeof text !== "string") {
    refuse({ en: "network:", ja: "network: 層として" }, { en: "a text", ja: "文字列" }, text, {
      en: 'Write layers such as "affine 16; relu"; of widths alone mlp([16]) makes one.',
      ja: '"affine 16; relu" のように書きます。幅だけなら mlp([16]) です。',
    });
  }
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

/** Layers that do not fit all numbers of columns. */
const asksOfInputs: readonly string[] = [...imageKinds, "maxout"];

function checked(blueprint: Blueprint): Blueprint {
  const image = imageAsked(blueprint.layers);
  const first = blueprint.layers.find((spec) => spec.kind === "affine");
  const before = blueprint.layers.slice(0, first === undefined ? undefined : blueprint.layers.indexOf(first));
  // As many inputs as fit a block at the beginning: how many there are, the data say, and whether they are images.
  if (image !== null) {
    layersOf(blueprint, { inputs: imageSize(image), image, outputs: 1 });
  } else if (!before.some(({ kind }) => asksOfInputs.includes(kind))) {
    layersOf(blueprint, { inputs: first?.units ?? 1, image, outputs: 1 });
  }
  return blueprint;
}
