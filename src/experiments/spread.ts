import { meanOf } from "../core/long-lists.ts";

/** `0.9533 ± 0.034`: mean and standard deviation of a sample (of n − 1); of one value itself, null of none. */
export function spreadText(values: readonly number[]): string | null {
  if (values.length === 0) {
    return null;
  }
  const mean = meanOf(values);
  if (values.length === 1) {
    return mean.toPrecision(4);
  }
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return `${mean.toPrecision(4)} ± ${sd.toPrecision(2)}`;
}
