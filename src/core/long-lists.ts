// What `Math.max(...list)` and `push(...list)` say, for lists of any length: a call takes some 120,000 arguments at most.

/** The largest value and `least`; NaN where one is. */
export function largestOf(values: Iterable<number>, least = Number.NEGATIVE_INFINITY): number {
  let largest = least;
  for (const value of values) {
    largest = Math.max(largest, value);
  }
  return largest;
}

/** The smallest value; Infinity of none, NaN where one is. */
export function smallestOf(values: Iterable<number>): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const value of values) {
    smallest = Math.min(smallest, value);
  }
  return smallest;
}

/** The mean, summed in order; NaN of none. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Adds items at the end of a list. */
export function append<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) {
    list.push(item);
  }
}
