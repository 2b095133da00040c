import { wholeNumber } from "../core/checks.ts";
import { ShapeError } from "../core/errors.ts";
import { placesAlong } from "../kernels/window-places.ts";

/**
 * What a row of the batch is to a layer that sees images: height · width · channels values, channels last, so that a pixel's
 * channels lie together (decision 20).
 */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A window that moves over an image: its side, how far it moves, and how many zeros lie around the image. */
export interface Window {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

export function imageSize({ height, width, channels }: ImageShape): number {
  return height * width * channels;
}

/** @throws HyperError when a side is no whole number of 1 or more */
export function checkImage(where: string, image: ImageShape): void {
  for (const side of ["height", "width", "channels"] as const) {
    wholeNumber(where, side, image[side], { min: 1 });
  }
}

/**
 * What a layer is made for that has numbers of its own for each column, or for each channel of an image, shared by its pixels.
 * @throws HyperError on a size below 1
 */
export function ownColumns(
  where: string,
  input: number | ImageShape,
): { readonly image: ImageShape | null; readonly size: number; readonly own: number } {
  if (typeof input === "number") {
    wholeNumber(where, "size", input, { min: 1 });
    return { image: null, size: input, own: input };
  }
  checkImage(where, input);
  return { image: input, size: imageSize(input), own: input.channels };
}

/**
 * The image that a window makes, a pixel for each place it stops at: ⌊(side + 2·padding − size)/stride⌋ + 1.
 * @throws HyperError, ShapeError when the window is larger than the padded image
 */
export function windowed(where: string, image: ImageShape, { size, stride, padding }: Window): ImageShape {
  checkImage(where, image);
  wholeNumber(where, "size", size, { min: 1 });
  wholeNumber(where, "stride", stride, { min: 1 });
  wholeNumber(where, "padding", padding, { min: 0 });
  const window = { size, stride, padding };
  const [height, width] = [placesAlong(image.height, window), placesAlong(image.width, window)];
  if (height < 1 || width < 1) {
    throw new ShapeError({
      en: `${where}: a window of ${size} must fit into the padded image, got ${image.height + 2 * padding} × ${image.width + 2 * padding}. Make it smaller, or pad more.`,
      ja: `${where}: 大きさ ${size} の窓が余白込みの画像 ${image.height + 2 * padding} × ${image.width + 2 * padding} に収まりません。窓を小さくするか、余白を増やしてください。`,
    });
  }
  return { height, width, channels: image.channels };
}

/** Rows of so many values as square images of one channel; null where no square has as many. */
export function squareImage(values: number): ImageShape | null {
  const side = Math.round(Math.sqrt(values));
  return side > 1 && side * side === values ? { height: side, width: side, channels: 1 } : null;
}

/** The image that a layer with windows makes of each row; null of all others. */
export function imageOut(layer: object | null): ImageShape | null {
  return (layer as { readonly output?: ImageShape } | null)?.output ?? null;
}
