import { mix, shareOf } from "./colors.ts";
import type { Axis, Heat } from "./figure-spec.ts";
import type { Theme } from "./style.ts";
import { sampled } from "./thin.ts";

/** Neighbours of one colour are one rectangle, so that a drawing stays small. */
export interface HeatCell {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  readonly fill: string;
}

/** Steps of the colour scale: more than an eye tells apart in a field, few enough that neighbours share them. */
const shades = 16;

/** Columns and rows of cells that a picture can show. */
const mostCells = 400;

/** The rectangles of a field, in units of its axes. */
export function heatCells(heat: Heat, axes: { x: Axis; y: Axis }, theme: Theme): HeatCell[] {
  const { colors } = heat;
  const grid = sampled(heat.grid, mostCells);
  const x = edgesOf(grid.x, axes.x);
  const y = edgesOf(grid.y, axes.y);
  const columns = grid.x.length;
  const shadeAt = (i: number, j: number) => {
    const z = grid.z[j * columns + i];
    return z === null || Number.isNaN(z) ? null : Math.round(shareOf(colors, z) * (shades - 1));
  };
  const cells: HeatCell[] = [];
  for (let j = 0; j < grid.y.length; j++) {
    let from = 0;
    for (let i = 1; i <= columns; i++) {
      const shade = shadeAt(from, j);
      if (i < columns && shadeAt(i, j) === shade) {
        continue;
      }
      if (shade !== null) {
        const fill = mix(theme.low, theme.high, shade / (shades - 1));
        cells.push({ x1: x[from], x2: x[i], y1: y[j], y2: y[j + 1], fill });
      }
      from = i;
    }
  }
  return cells;
}

/** The borders halfway between neighbours on the axis's scale, cut at its domain. */
function edgesOf(at: readonly number[], { scale, domain }: Axis): number[] {
  const forth = scale === "log" ? Math.log : (v: number) => v;
  const back = scale === "log" ? Math.exp : (v: number) => v;
  const places = at.map(forth);
  const half = places.length > 1 ? places[1] / 2 - places[0] / 2 : 0.5;
  const finite = (edge: number) => Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, edge));
  const edges = [places[0] - half, ...places.map((place) => place + half)].map((edge) => finite(back(edge)));
  return domain === undefined ? edges : edges.map((edge) => Math.min(domain[1], Math.max(domain[0], edge)));
}
