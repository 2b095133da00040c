import { Affine } from "./affine.ts";
import type { DropoutVariant } from "./dropout.ts";
import { type ImageShape, imageOut } from "./image-shape.ts";
import type { Layer } from "./layer.ts";
import { type LayerSpec, layerWords, type Place } from "./layer-words.ts";

/** The data that a network is built for. */
export interface NetworkEnds {
  /** Columns of a row. */
  readonly inputSize: number;
  /** The image that each row is; null where the data say nothing of it. */
  readonly image: ImageShape | null;
  readonly classes: number;
}

/**
 * The layers for these data, with the last Affine.
 * @throws HyperError where a layer needs images and rows are none, or a block has nothing to begin with; ShapeError where a
 * window does not fit its image, or a block does not give as many columns as it takes
 */
export function buildNetwork(
  specs: readonly LayerSpec[],
  { inputSize, image, classes, dropoutVariant }: NetworkEnds & { readonly dropoutVariant: DropoutVariant },
): Layer[] {
  const before: Layer[] = [];
  let at: Omit<Place, "before" | "dropoutVariant"> = { columns: inputSize, image, madeImage: false };
  for (const spec of specs) {
    const { make, imageBehind } = layerWords[spec.kind];
    const layer = make({ ...at, before, dropoutVariant }, spec);
    if (layer !== null) {
      before.push(layer);
    }
    at = {
      columns: layer?.outputSize ?? inputSize,
      image: imageOut(layer) ?? imageBehind(at.image, spec),
      madeImage: at.madeImage || layer === null || imageOut(layer) !== null,
    };
  }
  return [...before, new Affine(at.columns, classes)];
}

/** The image that a network says a row is; null where it leaves that to the data. */
export function imageAsked([first]: readonly LayerSpec[]): ImageShape | null {
  return first?.kind === "image" ? { height: first.height, width: first.width, channels: first.channels } : null;
}

/** What a network asks for: numbers that training changes, and values that one row is in all its layers. */
export function sizeOfNetwork(layers: readonly Layer[]): { readonly parameters: number; readonly valuesOfRow: number } {
  const parameters = layers.flatMap((layer) => Object.values(layer.parameters));
  return {
    parameters: parameters.reduce((sum, { rows, cols }) => sum + rows * cols, 0),
    valuesOfRow: layers.reduce((sum, { outputSize }) => sum + outputSize, 0),
  };
}
