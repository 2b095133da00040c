import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** The Python original's numbers of one experiment (float64, NumPy, seed 0). */
export function golden<T>(experiment: string): T {
  const file = new URL(`../golden/${experiment}.seed0.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString()).data as T;
}

/** Largest relative difference of two series of equal length; Infinity when the lengths differ or one has a gap. */
export function largestDifference(ours: readonly (number | null)[], theirs: readonly number[]): number {
  if (ours.length !== theirs.length) {
    return Number.POSITIVE_INFINITY;
  }
  return ours.reduce<number>((worst, value, i) => {
    const difference = value === null ? Number.POSITIVE_INFINITY : Math.abs(value - theirs[i]);
    return Math.max(worst, difference === 0 ? 0 : difference / Math.abs(theirs[i]));
  }, 0);
}
