import { checkSplit } from "../data/check-split.ts";
import { type AnySplit, mostLabels } from "../data/dataset.ts";

/** The fewest classes that a split was found right for. */
const found = new WeakMap<AnySplit, number>();

/**
 * `checkSplit` at training's door, once for each split: whoever opens a network, a loader or a meter on it again pays
 * nothing.
 * @throws DataError that names the row, and the column of a value
 */
export function checkOnce(split: AnySplit, classes: number = mostLabels): void {
  const known = found.get(split);
  if (known === undefined || classes < known) {
    checkSplit(split, classes);
    found.set(split, classes);
  }
}
