import { checkOptions, finiteNumber } from "../../core/checks.ts";
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
  checkOptions("moveImages", options, { shift: true, rotate: true, elastic: true });
  const { shift = 0, rotate = 0, elastic } = options;
  checkOptions("moveImages.elastic", elastic ?? { alpha: 0, sigma: 0 }, { alpha: true, sigma: true });
  finiteNumber("moveImages", "shift", shift, { min: 0 });
  finiteNumber("moveImages", "rotate", rotate, { min: 0 });
  finiteNumber("moveImages", "elastic.alpha", elastic?.alpha ?? 0, { min: 0 });
  finiteNumber("moveImages", "elastic.sigma", elastic?.sigma ?? 0, { min: 0 });
  const pixels = image.height * image.width;
  const size = pixels * image.channels;
  const [fieldX, fieldY, room] = [0, 1, 2].map(() => new Float64Array(pixels));
  const before = new Float64Array(size);
  const weights = gaussian(elastic?.sigma ?? 0);
  return ({ data, rows }, stream) => {
    for (let row = 0; row < rows; row++) {
      const values = data.subarray(row * size, (row + 1) * size);
      const angle = (stream.uniform(-rotate, rotate) * Math.PI) / 180;
      const [dx, dy] = [stream.uniform(-shift, shift), stream.uniform(-shift, shift)];
      if (elastic !== undefined) {
        for (const field of [fieldX, fieldY]) {
          drawField(field, room, image, { alpha: elastic.alpha, weights }, stream);
        }
      }
      before.set(values);
      const way = { cos: cos(angle), sin: sin(angle), dx, dy };
      resample(values, before, image, way, elastic === undefined ? null : [fieldX, fieldY]);
    }
  };
}

interface Way {
  readonly cos: number;
  readonly sin: number;
  readonly dx: number;
  readonly dy: number;
}

/** values[x, y] = source where that pixel comes from: the way back, and the fields' move of the pixel. */
function resample(
  values: FloatArray,
  source: Float64Array,
  { height, width, channels }: ImageShape,
  way: Way,
  fields: readonly [x: Float64Array, y: Float64Array] | null,
): void {
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const line = width * channels;
  /** Beyond the border all is 0. */
  const pixel = (x: number, y: number, c: number) =>
    x < 0 || x >= width || y < 0 || y >= height ? 0 : source[y * line + x * channels + c];
  // A pixel takes some nanoseconds: nothing is allocated for it, and few look beyond the border.
  for (let y = 0, at = 0; y < height; y++) {
    const cy = y - middleY;
    for (let x = 0; x < width; x++, at++) {
      const cx = x - middleX;
      const fx = way.cos * cx + way.sin * cy + middleX - way.dx + (fields === null ? 0 : fields[0][at]);
      const fy = way.cos * cy - way.sin * cx + middleY - way.dy + (fields === null ? 0 : fields[1][at]);
      const left = Math.floor(fx);
      const top = Math.floor(fy);
      const across = fx - left;
      const down = fy - top;
      const inside = left >= 0 && left < width - 1 && top >= 0 && top < height - 1;
      for (let c = 0; c < channels; c++) {
        const from = top * line + left * channels + c;
        const topLeft = inside ? source[from] : pixel(left, top, c);
        const topRight = inside ? source[from + channels] : pixel(left + 1, top, c);
        const bottomLeft = inside ? source[from + line] : pixel(left, top + 1, c);
        const bottomRight = inside ? source[from + line + channels] : pixel(left + 1, top + 1, c);
        const upper = (1 - across) * topLeft + across * topRight;
        const lower = (1 - across) * bottomLeft + across * bottomRight;
        values[at * channels + c] = (1 - down) * upper + down * lower;
      }
    }
  }
}

/** Weights of the Gaussian about a pixel, as far as they count. */
function gaussian(sigma: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  return Float64Array.from({ length: 2 * reach + 1 }, (_, k) =>
    sigma === 0 ? 1 : exp(-0.5 * ((k - reach) / sigma) ** 2),
  );
}

/** Noise in [−1, 1], smoothed along both axes, times alpha. */
function drawField(
  field: Float64Array,
  room: Float64Array,
  { height, width }: ImageShape,
  { alpha, weights }: { readonly alpha: number; readonly weights: Float64Array },
  stream: RandomStream,
): void {
  for (let i = 0; i < field.length; i++) {
    field[i] = stream.uniform(-1, 1);
  }
  smooth(room, field, weights, { lines: height, line: width, length: width, step: 1 });
  smooth(field, room, weights, { lines: width, line: 1, length: height, step: width });
  for (let i = 0; i < field.length; i++) {
    field[i] *= alpha;
  }
}

/** Smooths lines of values: `line` lies between two of them, `step` between two values of one. Beyond their ends is 0. */
function smooth(
  out: Float64Array,
  of: Float64Array,
  weights: Float64Array,
  { lines, line, length, step }: { lines: number; line: number; length: number; step: number },
): void {
  const reach = (weights.length - 1) / 2;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let l = 0; l < lines; l++) {
    for (let i = 0; i < length; i++) {
      const first = Math.max(0, reach - i);
      const last = Math.min(2 * reach, length - 1 - i + reach);
      let sum = 0;
      for (let k = first, at = l * line + (i + first - reach) * step; k <= last; k++, at += step) {
        sum += weights[k] * of[at];
      }
      out[l * line + i * step] = sum / total;
    }
  }
}
