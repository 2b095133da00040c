import type { Interval, Surface } from "../../../experiments/surfaces/surface.ts";
import type { HeightGrid } from "../../../figure/drawing/contour.ts";

/** A surface's heights over the part of the plane that is drawn, and how to show them. */
export interface Heights extends HeightGrid {
  readonly x: Interval;
  readonly y: Interval;
  readonly low: number;
  readonly high: number;
  /** Heights are shown as share^bend: 1 as they are, smaller where steep walls would hide the bottom. */
  readonly bend: number;
}

export function heightsOf({ x, y, value }: Pick<Surface, "x" | "y" | "value">, count: number): Heights {
  const z = sampled({ x, y, value }, count);
  const [low, high] = rangeOf(z);
  return { columns: count, rows: count, z, x, y, low, high, bend: bendOf(z, low, high) };
}

/** Row by row; NaN where there is no height. Functions of their own: decision 0034. */
function sampled({ x, y, value }: Pick<Surface, "x" | "y" | "value">, count: number): Float64Array {
  const z = new Float64Array(count * count);
  for (let j = 0; j < count; j++) {
    const at = y[0] + ((y[1] - y[0]) * j) / (count - 1);
    for (let i = 0; i < count; i++) {
      const height = value(x[0] + ((x[1] - x[0]) * i) / (count - 1), at);
      z[j * count + i] = Number.isFinite(height) ? height : Number.NaN;
    }
  }
  return z;
}

function rangeOf(z: Float64Array): readonly [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const height of z) {
    if (!Number.isNaN(height)) {
      low = Math.min(low, height);
      high = Math.max(high, height);
    }
  }
  return [low, high];
}

/** 0 at the lowest, 1 at the highest; NaN where there is no height. */
export function shareOf({ low, high, bend }: Pick<Heights, "low" | "high" | "bend">, height: number): number {
  if (!(high > low)) {
    return Number.isFinite(height) ? 0 : Number.NaN;
  }
  return Math.min(1, Math.max(0, (height - low) / (high - low))) ** bend;
}

const mostLevels = 40;

/**
 * The heights of a surface's contour lines, and more above them up to its highest wall: each step larger than the one
 * before, as the last ones grow, so that nothing in the picture looks like the end of a slope.
 */
export function levelsUpTo(levels: readonly number[], high: number): readonly number[] {
  const all = [...levels];
  const [a, b, c] = [all.at(-3) ?? 0, all.at(-2) ?? 0, all.at(-1) ?? 0];
  const growth = Math.max(1.2, (c - b) / (b - a) || 0);
  for (let step = (c - b) * growth; step > 0 && all.length < mostLevels; step *= growth) {
    const next = all[all.length - 1] + step;
    if (!(next < high)) {
      break;
    }
    all.push(next);
  }
  return all;
}

/** Lifts the median to a quarter of the way up, where it lies lower. */
function bendOf(z: Float64Array, low: number, high: number): number {
  const known = z.filter(Number.isFinite).sort();
  const median = (known[known.length >> 1] - low) / (high - low);
  return median > 0 && median < 0.25 ? Math.max(0.2, Math.log(0.25) / Math.log(median)) : 1;
}

/**
 * The lowest point of a surface, for one whose minima nobody has written down: the lowest place of a grid, then smaller and
 * smaller steps downhill. Null where f has no finite value.
 */
export function lowestPoint({ value, x, y }: Pick<Surface, "x" | "y" | "value">): readonly [number, number] | null {
  const grid = heightsOf({ x, y, value }, 61);
  let best = -1;
  for (let k = 0; k < grid.z.length; k++) {
    if (Number.isFinite(grid.z[k]) && (best < 0 || grid.z[k] < grid.z[best])) {
      best = k;
    }
  }
  if (best < 0) {
    return null;
  }
  let at: [number, number] = [
    x[0] + ((x[1] - x[0]) * (best % grid.columns)) / (grid.columns - 1),
    y[0] + ((y[1] - y[0]) * Math.floor(best / grid.columns)) / (grid.rows - 1),
  ];
  let step = (x[1] - x[0]) / grid.columns;
  for (let i = 0; i < 200 && step > 1e-9; i++) {
    const [a, b] = at;
    const near: [number, number][] = [
      [a + step, b],
      [a - step, b],
      [a, b + step],
      [a, b - step],
    ];
    const lower = near.find(([p, q]) => value(p, q) < value(a, b));
    if (lower === undefined) {
      step /= 2;
    } else {
      at = lower;
    }
  }
  return at;
}
