/** An even grid of heights: z[j * columns + i]; NaN where there is none. */
export interface HeightGrid {
  readonly columns: number;
  readonly rows: number;
  readonly z: Float64Array;
}

/**
 * Lines of equal height by marching squares.
 * @param line called for each piece, in grid coordinates
 */
export function contour(
  { columns, rows, z }: HeightGrid,
  level: number,
  line: (x0: number, y0: number, x1: number, y1: number) => void,
): void {
  // Where the level crosses each side of a cell: bottom, right, top, left.
  const xs = [0, 0, 0, 0];
  const ys = [0, 0, 0, 0];
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const a = z[j * columns + i];
      const b = z[j * columns + i + 1];
      const c = z[(j + 1) * columns + i + 1];
      const d = z[(j + 1) * columns + i];
      const above = (a > level ? 1 : 0) + (b > level ? 2 : 0) + (c > level ? 4 : 0) + (d > level ? 8 : 0);
      if (above === 0 || above === 15 || !Number.isFinite(a + b + c + d)) {
        continue;
      }
      let found = 0;
      const cross = (low: number, high: number, x: number, y: number, dx: number, dy: number) => {
        if (low > level !== high > level) {
          const share = (level - low) / (high - low);
          xs[found] = x + share * dx;
          ys[found] = y + share * dy;
          found++;
        }
      };
      cross(a, b, i, j, 1, 0);
      cross(b, c, i + 1, j, 0, 1);
      cross(d, c, i, j + 1, 1, 0);
      cross(a, d, i, j, 0, 1);
      if (found === 2) {
        line(xs[0], ys[0], xs[1], ys[1]);
      } else if (found === 4) {
        // A saddle inside the cell: its middle says which corners belong together.
        const joined = (a + b + c + d) / 4 > level === a > level;
        const other = joined ? 1 : 3;
        line(xs[0], ys[0], xs[other], ys[other]);
        line(xs[2], ys[2], xs[joined ? 3 : 1], ys[joined ? 3 : 1]);
      }
    }
  }
}
