import type { Grid } from "../figure-spec.ts";
import { sampled } from "../thin.ts";
import { contour, type HeightGrid, type Piece, type Point } from "./contour.ts";
import { finer } from "./finer.ts";
import { joinPieces, withoutStraight } from "./join-pieces.ts";

type Lines = readonly (readonly Point[])[];

/** Columns and rows of a field that a picture can show. */
const mostSamples = 450;
/** Parts of a cell within which lines are straight, at most, and of a cell by how much one may miss its way. */
const mostParts = 6;
const room = 0.02;

const known = new WeakMap<object, Map<string, Lines>>();

/** Lines of equal z, smooth where the grid is, in units of the axes. Kept as long as the grid is. */
export function contourLines(grid: Grid, levels: readonly number[]): Lines {
  return kept(grid, levels, () => {
    const { x, y, z } = sampled(grid, mostSamples);
    const heights = { columns: x.length, rows: y.length, z: Float64Array.from(z, height) };
    return march(heights, levels.map(height)).map((line) =>
      line.map(([i, j]): Point => [between(x, i), between(y, j)]),
    );
  });
}

/** The same of heights, in their columns and rows. */
export function contourOfHeights(heights: HeightGrid, levels: readonly number[]): Lines {
  return kept(heights, levels, () => march(heights, levels));
}

function kept(grid: object, levels: readonly number[], lines: () => Lines): Lines {
  const ofGrid = known.get(grid) ?? new Map<string, Lines>();
  known.set(grid, ofGrid);
  const key = levels.join();
  const found = ofGrid.get(key) ?? lines();
  ofGrid.set(key, found);
  return found;
}

function march(heights: HeightGrid, levels: readonly number[]): Lines {
  const times = Math.max(1, Math.min(mostParts, Math.floor(mostSamples / Math.max(heights.columns, heights.rows))));
  const pieces: Piece[] = [];
  contour(finer(heights, times), levels, (from, to) => pieces.push([from, to]));
  return joinPieces(pieces)
    .filter((line) => !isIsland(line, times))
    .map((line) => withoutStraight(line, room * times).map(([i, j]): Point => [i / times, j / times]));
}

/** Whether a line goes around within less than a cell: what it shows is the grid, as where a valley's floor narrows out. */
function isIsland(line: readonly Point[], cell: number): boolean {
  const [from, to] = [line[0], line[line.length - 1]];
  const near = ([x, y]: Point) => Math.abs(x - from[0]) < cell && Math.abs(y - from[1]) < cell;
  return from[0] === to[0] && from[1] === to[1] && line.every(near);
}

/** A height that can be subtracted from any other and added to it; NaN where there is none. */
function height(z: number | null): number {
  const most = Number.MAX_VALUE / 64;
  return z === null ? Number.NaN : Math.min(most, Math.max(-most, z));
}

/** What lies at a place of an axis's grid, straight between two of its values. */
function between(values: readonly number[], place: number): number {
  const i = Math.min(Math.floor(place), values.length - 2);
  return values[i] * (1 - (place - i)) + values[i + 1] * (place - i);
}
