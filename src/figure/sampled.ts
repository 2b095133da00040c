import type { Grid } from "./figure-spec.ts";
import { evenly } from "./thin.ts";

/** A grid of at most about `most` columns and rows: some of its own, evenly chosen, where it has more. */
export function sampled(grid: Grid, most: number): Grid {
  const columns = grid.x.length;
  if (columns <= most && grid.y.length <= most) {
    return grid;
  }
  const [across, up] = [evenly(columns, most), evenly(grid.y.length, most)];
  return {
    x: across.map((i) => grid.x[i]),
    y: up.map((j) => grid.y[j]),
    z: up.flatMap((j) => across.map((i) => grid.z[j * columns + i])),
  };
}
