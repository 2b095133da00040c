/** An even grid of heights: z[j * columns + i]; NaN where there is none. */
export interface HeightGrid {
  readonly columns: number;
  readonly rows: number;
  readonly z: Float64Array;
}

/** In grid coordinates: whole numbers are columns and rows. */
export type Point = readonly [x: number, y: number];
export type Piece = readonly [from: Point, to: Point];

/**
 * Lines of equal height by marching squares, all levels in one walk over the cells.
 * @param line called for each piece, in grid coordinates
 */
export function contour(
  { columns, rows, z }: HeightGrid,
  levels: readonly number[],
  line: (from: Point, to: Point) => void,
): void {
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const a = z[j * columns + i];
      const b = z[j * columns + i + 1];
      const c = z[(j + 1) * columns + i + 1];
      const d = z[(j + 1) * columns + i];
      if (!Number.isFinite(a + b + c + d)) {
        continue;
      }
      const low = Math.min(a, b, c, d);
      const high = Math.max(a, b, c, d);
      for (const level of levels) {
        if (level >= low && level < high) {
          cell([i, j], [a, b, c, d], level, line);
        }
      }
    }
  }
}

/** The pieces within one cell, of its corners' heights, counterclockwise from its lower left. */
function cell(
  [i, j]: Point,
  [a, b, c, d]: readonly [number, number, number, number],
  level: number,
  line: (from: Point, to: Point) => void,
): void {
  // Where the level crosses each side: bottom, right, top, left.
  const found: Point[] = [];
  const cross = (low: number, high: number, x: number, y: number, dx: number, dy: number) => {
    if (low > level !== high > level) {
      const share = (level - low) / (high - low);
      found.push([x + share * dx, y + share * dy]);
    }
  };
  cross(a, b, i, j, 1, 0);
  cross(b, c, i + 1, j, 0, 1);
  cross(d, c, i, j + 1, 1, 0);
  cross(a, d, i, j, 0, 1);
  if (found.length === 2) {
    line(found[0], found[1]);
  } else if (found.length === 4) {
    // A saddle inside the cell: its middle says which corners belong together.
    const joined = (a + b + c + d) / 4 > level === a > level;
    line(found[0], found[joined ? 1 : 3]);
    line(found[2], found[joined ? 3 : 1]);
  }
}
