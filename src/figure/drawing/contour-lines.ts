import type { Grid } from "../figure-spec.ts";
import { sampled } from "../thin.ts";
import { contour } from "./contour.ts";

/** Columns and rows of a field that a picture can show. */
const mostSamples = 400;

const known = new WeakMap<Grid, Map<string, Float64Array>>();

/**
 * Lines of equal z by marching squares, straight within a cell: x1, y1, x2, y2 of one piece after the other, in units of
 * the axes. Kept as long as the grid is.
 */
export function contourLines(grid: Grid, levels: readonly number[]): Float64Array {
  const ofGrid = known.get(grid) ?? new Map<string, Float64Array>();
  known.set(grid, ofGrid);
  const key = levels.join();
  const lines = ofGrid.get(key) ?? march(sampled(grid, mostSamples), levels);
  ofGrid.set(key, lines);
  return lines;
}

function march({ x, y, z }: Grid, levels: readonly number[]): Float64Array {
  const grid = { columns: x.length, rows: y.length, z: Float64Array.from(z, height) };
  const pieces: number[] = [];
  for (const level of levels) {
    contour(grid, height(level), (x0, y0, x1, y1) => {
      pieces.push(between(x, x0), between(y, y0), between(x, x1), between(y, y1));
    });
  }
  return Float64Array.from(pieces);
}

/** A height that can be subtracted from any other and added to it; NaN where there is none. */
function height(z: number | null): number {
  const most = Number.MAX_VALUE / 8;
  return z === null ? Number.NaN : Math.min(most, Math.max(-most, z));
}

/** What lies at a place of an axis's grid, straight between two of its values. */
function between(values: readonly number[], place: number): number {
  const i = Math.min(Math.floor(place), values.length - 2);
  return values[i] * (1 - (place - i)) + values[i + 1] * (place - i);
}
