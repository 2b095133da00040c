import { imageAsked } from "../nn/build-network.ts";
import { type ImageShape, imageSize } from "../nn/image-shape.ts";
import type { Layer } from "../nn/layer.ts";
import type { Blueprint } from "./blueprint.ts";
import type { ModelInputs } from "./model-state.ts";

/** The inputs as the images that a blueprint says they are, where the data say nothing of it. */
export function withImage(inputs: ModelInputs, blueprint: Blueprint | null): ModelInputs {
  const asked = blueprint === null ? null : imageAsked(blueprint.layers);
  return asked === null || imageSize(asked) !== inputs.size
    ? inputs
    : { ...inputs, image: { rows: asked.height, columns: asked.width, channels: asked.channels } };
}

/** A model's image as the layers have it. */
export function shapeOfImage(image: ModelInputs["image"]): ImageShape | null {
  return image === null ? null : { height: image.rows, width: image.columns, channels: image.channels };
}

/** What a row is, by the data or by the network's first layer; null where it is no image, a line of pixels included. */
export function imageOf(image: ModelInputs["image"], [first]: readonly Layer[]): ImageShape | null {
  const of = shapeOfImage(image) ?? (first as { readonly input?: ImageShape }).input ?? null;
  return of === null || Math.min(of.height, of.width) < 2 ? null : of;
}
