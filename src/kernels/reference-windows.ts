import { type FloatArray, Tensor } from "../core/tensor.ts";
import type { WindowOver } from "./kernels.ts";
import { placesAlong, placesOf } from "./window-places.ts";

/**
 * What lies under every (ky, kx) of the places first … first + count − 1, counted through all images x: where the pixel's first
 * channel is in x, −1 beyond the border.
 */
function* covered(first: number, count: number, over: WindowOver): Generator<number> {
  const { height, width, channels, size, stride, padding } = over;
  const columns = placesAlong(width, over);
  const rows = placesAlong(height, over);
  for (let place = first; place < first + count; place++) {
    const image = Math.floor(place / (rows * columns));
    const oy = Math.floor((place % (rows * columns)) / columns);
    const ox = place % columns;
    for (let ky = 0; ky < size; ky++) {
      for (let kx = 0; kx < size; kx++) {
        const y = oy * stride - padding + ky;
        const x = ox * stride - padding + kx;
        const inside = y >= 0 && y < height && x >= 0 && x < width;
        yield inside ? ((image * height + y) * width + x) * channels : -1;
      }
    }
  }
}

/** Images with a row each as a matrix with a row a place. */
export function byPlace({ rows, cols, data }: Tensor, channels: number): Tensor {
  return new Tensor(channels === 0 ? 0 : (rows * cols) / channels, channels, data);
}

/** What lies under each place of the window over all images x. */
export function patchesOf(x: Tensor, over: WindowOver): Tensor {
  const P = patchesLike(x, x.rows * placesOf(over), over);
  let to = 0;
  for (const at of covered(0, P.rows, over)) {
    for (let c = 0; c < over.channels; c++, to++) {
      P.data[to] = at < 0 ? 0 : x.data[at + c];
    }
  }
  return P;
}

/** Room for so many patches, in the type of x. */
export function patchesLike({ data }: Tensor, places: number, { size, channels }: WindowOver): Tensor {
  const depth = size ** 2 * channels;
  const length = places * depth;
  return new Tensor(places, depth, data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length));
}

export function scatterInto(dx: FloatArray, patches: FloatArray, over: WindowOver): void {
  const { channels, size } = over;
  let from = 0;
  dx.fill(0);
  for (const at of covered(0, patches.length / (size ** 2 * channels), over)) {
    for (let c = 0; c < channels; c++, from++) {
      if (at >= 0) {
        dx[at + c] += patches[from];
      }
    }
  }
}

/** Offsets in x of the values under each place, each channel by itself, in the order of y. */
function* windows(count: number, over: WindowOver): Generator<readonly number[]> {
  const { channels } = over;
  for (let place = 0; place < count; place++) {
    const pixels = [...covered(place, 1, over)].filter((at) => at >= 0);
    for (let c = 0; c < channels; c++) {
      yield pixels.map((at) => at + c);
    }
  }
}

/** Which of those is the largest: the first of equals, the first NaN before all. */
function largest(x: FloatArray, among: readonly number[]): number {
  let best = among[0];
  for (const at of among) {
    if (x[at] > x[best] || (Number.isNaN(x[at]) && !Number.isNaN(x[best]))) {
      best = at;
    }
  }
  return best;
}

export function maxPoolInto(y: FloatArray, x: FloatArray, over: WindowOver): void {
  let to = 0;
  for (const among of windows(y.length / over.channels, over)) {
    y[to++] = among.length === 0 ? 0 : x[largest(x, among)];
  }
}

export function maxPoolBackwardInto(dx: FloatArray, dy: FloatArray, x: FloatArray, over: WindowOver): void {
  dx.fill(0);
  let from = 0;
  for (const among of windows(dy.length / over.channels, over)) {
    if (among.length > 0) {
      dx[largest(x, among)] += dy[from];
    }
    from++;
  }
}

export function averagePoolInto(y: FloatArray, x: FloatArray, over: WindowOver): void {
  let to = 0;
  for (const among of windows(y.length / over.channels, over)) {
    y[to++] = among.reduce((sum, at) => sum + x[at], 0) / over.size ** 2;
  }
}

export function averagePoolBackwardInto(dx: FloatArray, dy: FloatArray, over: WindowOver): void {
  dx.fill(0);
  let from = 0;
  for (const among of windows(dy.length / over.channels, over)) {
    const share = dy[from++] / over.size ** 2;
    for (const at of among) {
      dx[at] += share;
    }
  }
}
