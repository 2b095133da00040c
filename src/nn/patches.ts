import type { FloatArray } from "../core/tensor.ts";
import type { ImageShape, Window } from "./image-shape.ts";

/**
 * patches[p, (ky, kx, c)] = image[pixel under (ky, kx) of window p, c], 0 beyond the border: a convolution becomes a matrix
 * product. Windows stand in the order of the pixels they make.
 * @param patches [out.height · out.width, size² · channels]
 * @param image [height · width, channels]
 */
export function gatherPatches(
  patches: FloatArray,
  image: FloatArray,
  shape: ImageShape,
  { size, stride, padding }: Window,
  out: ImageShape,
): void {
  const { height, width, channels } = shape;
  const across = size * channels;
  let at = 0;
  for (let oy = 0; oy < out.height; oy++) {
    for (let ox = 0; ox < out.width; ox++) {
      const left = ox * stride - padding;
      const inside = left >= 0 && left + size <= width;
      for (let ky = 0; ky < size; ky++, at += across) {
        const y = oy * stride - padding + ky;
        if (y < 0 || y >= height) {
          patches.fill(0, at, at + across);
          continue;
        }
        const from = (y * width + left) * channels;
        if (inside) {
          for (let k = 0; k < across; k++) {
            patches[at + k] = image[from + k];
          }
          continue;
        }
        for (let kx = 0; kx < size; kx++) {
          const x = left + kx;
          for (let c = 0; c < channels; c++) {
            patches[at + kx * channels + c] = x < 0 || x >= width ? 0 : image[from + kx * channels + c];
          }
        }
      }
    }
  }
}

/** The backward pass of {@link gatherPatches}: each pixel's gradient is the sum of those of all places it was copied to. */
export function scatterPatches(
  dImage: FloatArray,
  dPatches: FloatArray,
  shape: ImageShape,
  { size, stride, padding }: Window,
  out: ImageShape,
): void {
  const { height, width, channels } = shape;
  const across = size * channels;
  dImage.fill(0);
  let at = 0;
  for (let oy = 0; oy < out.height; oy++) {
    for (let ox = 0; ox < out.width; ox++) {
      const left = ox * stride - padding;
      const first = Math.max(0, -left) * channels;
      const last = Math.min(size, width - left) * channels;
      for (let ky = 0; ky < size; ky++, at += across) {
        const y = oy * stride - padding + ky;
        if (y < 0 || y >= height) {
          continue;
        }
        const to = (y * width + left) * channels;
        for (let k = first; k < last; k++) {
          dImage[to + k] += dPatches[at + k];
        }
      }
    }
  }
}
