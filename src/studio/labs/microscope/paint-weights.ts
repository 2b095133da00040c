import type { WeightImages } from "../../../core/snapshot.ts";

type Color = readonly [r: number, g: number, b: number];

/** Negative, zero and positive weights, as on every map (figure/style.ts: runs 0 and 1): blue above 0, orange below. */
const palettes: Readonly<Record<"light" | "dark", { negative: Color; zero: Color; positive: Color }>> = {
  light: { negative: [190, 72, 6], zero: [247, 247, 245], positive: [11, 79, 138] },
  dark: { negative: [255, 150, 80], zero: [24, 27, 31], positive: [92, 178, 246] },
};

/** The colours of −127 … 127, as RGBA bytes. */
export function divergingTable(theme: "light" | "dark"): Uint8ClampedArray {
  const { negative, zero, positive } = palettes[theme];
  const table = new Uint8ClampedArray(255 * 4);
  for (let value = -127; value <= 127; value++) {
    const end = value < 0 ? negative : positive;
    // A little steeper near 0, where most weights are.
    const share = (Math.abs(value) / 127) ** 0.7;
    const at = (value + 127) * 4;
    for (let k = 0; k < 3; k++) {
      table[at + k] = zero[k] + (end[k] - zero[k]) * share;
    }
    table[at + 3] = 255;
  }
  return table;
}

/** One unit's weights as RGBA bytes, rows · columns pixels. */
export function weightPixels(images: WeightImages, unit: number, table: Uint8ClampedArray): Uint8ClampedArray {
  const { rows, columns, pixels } = images;
  const size = rows * columns;
  const bytes = new Uint8ClampedArray(size * 4);
  for (let i = 0; i < size; i++) {
    const at = (pixels[unit * size + i] + 127) * 4;
    bytes[i * 4] = table[at];
    bytes[i * 4 + 1] = table[at + 1];
    bytes[i * 4 + 2] = table[at + 2];
    bytes[i * 4 + 3] = 255;
  }
  return bytes;
}

/** What the weights have become since an earlier snapshot, as images again. */
export function weightChange(now: WeightImages, before: WeightImages): WeightImages {
  const [a, b] = [now.scale / 127, before.scale / 127];
  const changes = Float32Array.from(now.pixels, (pixel, i) => a * pixel - b * (before.pixels[i] ?? 0));
  const scale = changes.reduce((most, change) => Math.max(most, Math.abs(change)), 0);
  const factor = scale === 0 ? 0 : 127 / scale;
  return { ...now, scale, pixels: Int8Array.from(changes, (change) => Math.round(factor * change)) };
}

/** The weights of a unit in numbers. */
export interface UnitSummary {
  readonly smallest: number;
  readonly largest: number;
  /** √mean(w²) */
  readonly size: number;
}

/** Smallest, largest and root mean square of one unit's weights, to an 8-bit image's accuracy. */
export function unitSummary({ rows, columns, pixels, scale }: WeightImages, unit: number): UnitSummary {
  const size = rows * columns;
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let squares = 0;
  for (let i = unit * size; i < (unit + 1) * size; i++) {
    smallest = Math.min(smallest, pixels[i]);
    largest = Math.max(largest, pixels[i]);
    squares += pixels[i] ** 2;
  }
  const step = scale / 127;
  return { smallest: smallest * step, largest: largest * step, size: Math.sqrt(squares / size) * step };
}

/** How many images fit beside one another, and how large each is, in CSS pixels with a gap of 2. */
export function gridOf(count: number, width: number, rows: number, columns: number): GridShape {
  const across = Math.max(1, Math.min(count, Math.floor(width / (columns >= rows ? 44 : 30)), 20));
  const cell = Math.floor((width + 2) / across) - 2;
  const high = Math.max(6, Math.round((cell * rows) / columns));
  const lines = Math.ceil(count / across);
  return { across, lines, cellWidth: cell, cellHeight: high, height: lines * (high + 2) - 2 };
}

export interface GridShape {
  readonly across: number;
  readonly lines: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly height: number;
}
