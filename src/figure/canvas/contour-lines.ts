import type { Grid } from "../figure-spec.ts";

const known = new WeakMap<Grid, Map<string, Float64Array>>();

/**
 * Lines of equal z by marching squares, straight within a cell: x1, y1, x2, y2 of one piece after the other, in units of
 * the axes. Kept as long as the grid is.
 */
export function contourLines(grid: Grid, levels: readonly number[]): Float64Array {
  const ofGrid = known.get(grid) ?? new Map<string, Float64Array>();
  known.set(grid, ofGrid);
  const key = levels.join();
  const lines = ofGrid.get(key) ?? march(grid, levels);
  ofGrid.set(key, lines);
  return lines;
}

function march({ x, y, z }: Grid, levels: readonly number[]): Float64Array {
  const pieces: number[] = [];
  const columns = x.length;
  for (let j = 0; j + 1 < y.length; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const at = j * columns + i;
      const [a, b, c, d] = [z[at], z[at + 1], z[at + columns + 1], z[at + columns]].map(height);
      if (Number.isNaN(a + b + c + d)) {
        continue;
      }
      const low = Math.min(a, b, c, d);
      const high = Math.max(a, b, c, d);
      for (const level of levels) {
        if (height(level) >= low && height(level) <= high) {
          cross(pieces, height(level), [a, b, c, d], [x[i], x[i + 1]], [y[j], y[j + 1]]);
        }
      }
    }
  }
  return Float64Array.from(pieces);
}

/** A height that can be subtracted from any other and added to it; NaN where there is none. */
function height(z: number | null): number {
  const most = Number.MAX_VALUE / 8;
  return z === null ? Number.NaN : Math.min(most, Math.max(-most, z));
}

/** The pieces of one level in one cell, whose corners a, b, c, d go round from the least x and y. */
function cross(
  pieces: number[],
  level: number,
  [a, b, c, d]: readonly number[],
  [x0, x1]: readonly number[],
  [y0, y1]: readonly number[],
): void {
  const points: number[] = [];
  const edge = (from: number, to: number, fx: number, fy: number, tx: number, ty: number) => {
    if (from >= level !== to >= level) {
      const share = (level - from) / (to - from);
      points.push(fx + (tx - fx) * share, fy + (ty - fy) * share);
    }
  };
  edge(a, b, x0, y0, x1, y0);
  edge(b, c, x1, y0, x1, y1);
  edge(c, d, x1, y1, x0, y1);
  edge(d, a, x0, y1, x0, y0);
  if (points.length === 4) {
    pieces.push(...points);
  } else if (points.length === 8) {
    // A saddle: the middle decides which corners are joined.
    const joined = (a + b + c + d) / 4 >= level === a >= level;
    const [p, q, r, s] = [0, 2, 4, 6].map((at) => points.slice(at, at + 2));
    pieces.push(...(joined ? [...p, ...q, ...r, ...s] : [...p, ...s, ...q, ...r]));
  }
}
