import type { HeightGrid } from "./contour.ts";

/**
 * A grid with `times` as many cells each way. Heights between are those of a cubic through the four nearest, so that a bent
 * valley narrower than a cell keeps its floor; they are straight where the grid has a kink, a step or a gap.
 */
export function finer({ columns, rows, z }: HeightGrid, times: number): HeightGrid {
  const wide = (columns - 1) * times + 1;
  const high = (rows - 1) * times + 1;
  const across = new Float64Array(wide * rows);
  for (let j = 0; j < rows; j++) {
    fill(z, { from: j * columns, step: 1, count: columns }, across, { from: j * wide, step: 1 }, times);
  }
  const both = new Float64Array(wide * high);
  for (let i = 0; i < wide; i++) {
    fill(across, { from: i, step: wide, count: rows }, both, { from: i, step: wide }, times);
  }
  return { columns: wide, rows: high, z: both };
}

/** One row or column of a grid into one of a finer grid. */
function fill(
  z: Float64Array,
  { from, step, count }: { readonly from: number; readonly step: number; readonly count: number },
  into: Float64Array,
  to: { readonly from: number; readonly step: number },
  times: number,
): void {
  const at = (i: number) => (i < 0 || i >= count ? Number.NaN : z[from + i * step]);
  into[to.from] = at(0);
  for (let i = 0; i + 1 < count; i++) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const [before, after] = agreeing(a - 2 * b + c, b - 2 * c + d);
    for (let k = 1; k <= times; k++) {
      const t = k / times;
      const bend = (t * (1 - t) * ((2 - t) * before + (1 + t) * after)) / 6;
      into[to.from + (i * times + k) * to.step] = k === times ? c : b + t * (c - b) - bend;
    }
  }
}

/** Second differences on both sides of a cell as far as they tell of one smooth line; at an end there is but one. */
function agreeing(before: number, after: number): readonly [before: number, after: number] {
  const known = [Number.isFinite(before) ? before : after, Number.isFinite(after) ? after : before] as const;
  const [one, other] = known;
  if (!(one * other > 0)) {
    return [0, 0];
  }
  const most = 4 * Math.min(Math.abs(one), Math.abs(other));
  return [Math.sign(one) * Math.min(most, Math.abs(one)), Math.sign(other) * Math.min(most, Math.abs(other))];
}
