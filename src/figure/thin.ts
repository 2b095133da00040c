import { isNear } from "./clip.ts";
import type { Grid } from "./figure-spec.ts";

/** Points a pixel column may have before it is drawn by its first, least, largest and last alone. */
export const dense = 4;

/**
 * The places of the points that a line of so many pixels can show: of each run of points within one column the first, the
 * least, the largest and the last. −1 is a gap. Null when all can be shown.
 * @param xs, ys what is not finite in one of them is a gap
 * @param columns pixels of the panel
 * @param columnWidth what a pixel is in units of `xs`
 */
export function thinLine(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  { columns, columnWidth }: { readonly columns: number; readonly columnWidth: number },
): number[] | null {
  if (xs.length <= dense * columns) {
    return null;
  }
  const kept: number[] = [];
  let column = Number.NaN;
  let [first, least, largest, last] = [-1, -1, -1, -1];
  const flush = () => {
    if (first >= 0) {
      const [a, b] = least < largest ? [least, largest] : [largest, least];
      kept.push(first);
      if (a > first) {
        kept.push(a);
      }
      if (b > a) {
        kept.push(b);
      }
      if (last > b) {
        kept.push(last);
      }
    }
    first = -1;
    column = Number.NaN;
  };
  for (let i = 0; i < xs.length; i++) {
    if (!Number.isFinite(xs[i]) || !Number.isFinite(ys[i])) {
      flush();
      if (kept.length > 0 && kept[kept.length - 1] >= 0) {
        kept.push(-1);
      }
      continue;
    }
    const here = Math.floor(xs[i] / columnWidth);
    if (here !== column || first < 0) {
      flush();
      column = here;
      first = i;
      least = i;
      largest = i;
    }
    if (ys[i] < ys[least]) {
      least = i;
    }
    if (ys[i] > ys[largest]) {
      largest = i;
    }
    last = i;
  }
  flush();
  return kept;
}

/** Marks a picture of a panel may have; more would lie on top of one another. */
const mostMarks = 20_000;

/**
 * The places of the marks to be drawn: those within the panel and `margin` around it. Where there are too many, one a cell
 * of a grid, the last that is drawn there; the cells grow until few enough are left.
 * @param xs, ys shares of the panel
 * @param width, height pixels of the panel
 */
export function thinMarks(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  { width, height, margin }: { readonly width: number; readonly height: number; readonly margin: number },
): number[] {
  const near: number[] = [];
  for (let i = 0; i < xs.length; i++) {
    if (isNear(xs[i], ys[i], margin)) {
      near.push(i);
    }
  }
  let kept = near;
  for (let cell = 1; kept.length > mostMarks; cell *= 1.5) {
    const columns = Math.ceil((width * (1 + 2 * margin)) / cell) + 1;
    const taken = new Map<number, number>();
    for (const i of kept) {
      const column = Math.floor(((xs[i] + margin) * width) / cell);
      const row = Math.floor(((ys[i] + margin) * height) / cell);
      const key = row * columns + column;
      taken.delete(key);
      taken.set(key, i);
    }
    kept = [...taken.values()];
  }
  return kept;
}

/** Every so many-th of the places 0 … count − 1 with the last, at most about `most` of them. */
export function evenly(count: number, most: number): number[] {
  const every = Math.max(1, Math.ceil(count / most));
  const places: number[] = [];
  for (let i = 0; i < count; i += every) {
    places.push(i);
  }
  if (count > 0 && places[places.length - 1] !== count - 1) {
    places.push(count - 1);
  }
  return places;
}

/** Bars narrower than a pixel are one, as high as the highest. @param atX pixel of an edge @param width pixels of the panel */
export function thinBars<Bars extends { readonly edges: readonly number[]; readonly counts: readonly number[] }>(
  bars: Bars,
  { atX, width }: { readonly atX: (x: number) => number; readonly width: number },
): Pick<Bars, "edges" | "counts"> {
  const { edges, counts } = bars;
  if (counts.length <= width) {
    return bars;
  }
  const fewer: { edges: number[]; counts: number[] } = { edges: [edges[0]], counts: [] };
  let most = Number.NEGATIVE_INFINITY;
  counts.forEach((count, i) => {
    most = Math.max(most, count);
    if (atX(edges[i + 1]) - atX(fewer.edges.at(-1) as number) >= 1 || i === counts.length - 1) {
      fewer.edges.push(edges[i + 1]);
      fewer.counts.push(most);
      most = Number.NEGATIVE_INFINITY;
    }
  });
  return fewer;
}

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
