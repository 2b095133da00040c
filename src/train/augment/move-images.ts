import { finiteNumber } from "../../core/checks.ts";
import { cos, exp, sin } from "../../core/elementary.ts";
import type { RandomStream } from "../../core/random.ts";
import type { FloatArray } from "../../core/tensor.ts";
import { checkImage, type ImageShape } from "../../nn/image-shape.ts";
import type { BatchTransform } from "./batch-transform.ts";

export interface MoveOptions {
  /** Largest shift in either direction, pixels; 0 when absent. */
  readonly shift?: number;
  /** Largest turn either way, degrees; 0 when absent. */
  readonly rotate?: number;
  /** Elastic distortion: how far pixels are moved, and over how many pixels neighbours move alike; none when absent. */
  readonly elastic?: { readonly alpha: number; readonly sigma: number };
}

/**
 * Moves each image of a minibatch by an amount of its own: shifted, turned about its middle, and distorted as if drawn on
 * rubber. Pixels between pixels are weighed from their four neighbours; beyond the border is 0.
 * Simard, Steinkraus & Platt 2003, §2: the field of moves is noise in [−1, 1], smoothed with a Gaussian of sigma, times alpha.
 * @throws HyperError on a negative amount
 */
export function moveImages(image: ImageShape, options: MoveOptions): BatchTransform {
  checkImage("moveImages", image);
  const { shift = 0, rotate = 0, elastic } = options;
  finiteNumber("moveImages", "shift", shift, { min: 0 });
  finiteNumber("moveImages", "rotate", rotate, { min: 0 });
  finiteNumber("moveImages", "elastic.alpha", elastic?.alpha ?? 0, { min: 0 });
  finiteNumber("moveImages", "elastic.sigma", elastic?.sigma ?? 0, { min: 0 });
  const pixels = image.height * image.width;
  const size = pixels * image.channels;
  const [fieldX, fieldY, room] = [0, 1, 2].map(() => new Float64Array(pixels));
  const before = new Float64Array(size);
  return ({ data, rows }, stream) => {
    for (let row = 0; row < rows; row++) {
      const values = data.subarray(row * size, (row + 1) * size);
      const angle = (stream.uniform(-rotate, rotate) * Math.PI) / 180;
      const [dx, dy] = [stream.uniform(-shift, shift), stream.uniform(-shift, shift)];
      if (elastic !== undefined) {
        for (const field of [fieldX, fieldY]) {
          drawField(field, room, image, elastic, stream);
        }
      }
      before.set(values);
      resample(values, before, image, (x, y, at) => {
        const [cx, cy] = [x - (image.width - 1) / 2, y - (image.height - 1) / 2];
        const [c, s] = [cos(angle), sin(angle)];
        const moved = elastic === undefined ? [0, 0] : [fieldX[at], fieldY[at]];
        return [
          c * cx + s * cy + (image.width - 1) / 2 - dx + moved[0],
          c * cy - s * cx + (image.height - 1) / 2 - dy + moved[1],
        ];
      });
    }
  };
}

/** values[x, y] = source at the place that `from` says. */
function resample(
  values: FloatArray,
  source: Float64Array,
  { height, width, channels }: ImageShape,
  from: (x: number, y: number, at: number) => readonly number[],
): void {
  const pixel = (x: number, y: number, c: number) =>
    x < 0 || x >= width || y < 0 || y >= height ? 0 : source[(y * width + x) * channels + c];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fx, fy] = from(x, y, y * width + x);
      const [left, top] = [Math.floor(fx), Math.floor(fy)];
      const [across, down] = [fx - left, fy - top];
      for (let c = 0; c < channels; c++) {
        const upper = (1 - across) * pixel(left, top, c) + across * pixel(left + 1, top, c);
        const lower = (1 - across) * pixel(left, top + 1, c) + across * pixel(left + 1, top + 1, c);
        values[(y * width + x) * channels + c] = (1 - down) * upper + down * lower;
      }
    }
  }
}

/** Noise in [−1, 1], smoothed along both axes, times alpha. */
function drawField(
  field: Float64Array,
  room: Float64Array,
  { height, width }: ImageShape,
  { alpha, sigma }: { readonly alpha: number; readonly sigma: number },
  stream: RandomStream,
): void {
  for (let i = 0; i < field.length; i++) {
    field[i] = stream.uniform(-1, 1);
  }
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, k) =>
    sigma === 0 ? 1 : exp(-0.5 * ((k - reach) / sigma) ** 2),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const smooth = (out: Float64Array, of: Float64Array, along: "x" | "y") => {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (const [k, weight] of weights.entries()) {
          const [sx, sy] = along === "x" ? [x + k - reach, y] : [x, y + k - reach];
          if (sx >= 0 && sx < width && sy >= 0 && sy < height) {
            sum += weight * of[sy * width + sx];
          }
        }
        out[y * width + x] = sum / total;
      }
    }
  };
  smooth(room, field, "x");
  smooth(field, room, "y");
  for (let i = 0; i < field.length; i++) {
    field[i] *= alpha;
  }
}
