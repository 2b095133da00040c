import { ndtr } from "../../src/search/tpe/normal.ts";

export interface MannWhitney {
  /** U of the first sample: how often one of its values is the smaller, ties counted half. */
  readonly u: number;
  /** U over the number of pairs: the chance that a value of the first sample is the smaller. */
  readonly chance: number;
  /** One-sided: how likely so large a U is when both samples come from one distribution. */
  readonly p: number;
}

/**
 * Mann and Whitney's test that the first sample's values tend to be smaller. By the normal approximation, with the
 * corrections for ties and continuity: for samples of 20 and more.
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): MannWhitney {
  let u = 0;
  for (const a of first) {
    for (const b of second) {
      u += a < b ? 1 : a === b ? 0.5 : 0;
    }
  }
  const pairs = first.length * second.length;
  const all = first.length + second.length;
  const counts = new Map<number, number>();
  for (const value of [...first, ...second]) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const ties = [...counts.values()].reduce((sum, t) => sum + t ** 3 - t, 0);
  const deviation = Math.sqrt((pairs / 12) * (all + 1 - ties / (all * (all - 1))));
  const z = (u - pairs / 2 - 0.5) / deviation;
  return { u, chance: u / pairs, p: ndtr(-z) };
}

/** Holm's correction: the p-values as they may be compared with one level, in the order given. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((i, j) => ps[i] - ps[j]);
  const corrected = new Array<number>(ps.length);
  let largest = 0;
  for (const [place, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, ps[i] * (ps.length - place)));
    corrected[i] = largest;
  }
  return corrected;
}
