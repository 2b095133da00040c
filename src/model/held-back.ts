import { checkOptions, wholeNumber } from "../core/checks.ts";
import { DataError } from "../core/errors.ts";
import { RandomStream } from "../core/random.ts";
import type { EncodedData } from "./encode.ts";
import type { HeldFold, TrainingSettings } from "./model-state.ts";
import { allRows } from "./prepare.ts";

/** Row numbers to learn from and to hold back, each in order. */
export interface PartedRows {
  readonly train: Int32Array;
  readonly held: Int32Array;
}

/** Whether rows are held back by folds, and not by a share or as other rows. */
export function isFold(given: unknown): given is HeldFold {
  return typeof given === "object" && given !== null && ("fold" in given || "of" in given);
}

/** @throws HyperError on a fold that is none */
export function checkFold(given: HeldFold): HeldFold {
  checkOptions("fit.validation", given, { fold: true, of: true });
  const { fold, of } = given;
  wholeNumber("fit", "validation.of", of, { min: 2 });
  wholeNumber("fit", "validation.fold", fold, { min: 0, max: of - 1 });
  return { fold, of };
}

/**
 * Which rows are learnt from. A share is held back of every class alike (rounded, so that the whole comes out right; a class
 * of one row stays in training); a fold takes its part of every class.
 * @throws DataError where no row would be on one side
 */
export function heldBack(
  { rows, targets }: Pick<EncodedData, "rows" | "targets">,
  { validation: share, fold, seed }: Pick<TrainingSettings, "validation" | "fold" | "seed">,
): PartedRows {
  const { count } = rows;
  if (fold !== undefined && fold.of > count) {
    throw new DataError({
      en: `fit: folds must be at most as many as there are rows (${count}), got ${fold.of}. Give fewer.`,
      ja: `fit: 分割数は行数(${count})以下にしてください(指定された値: ${fold.of})。`,
    });
  }
  if (share === 0 && fold === undefined) {
    return { train: allRows(count), held: new Int32Array(0) };
  }
  const groups = Map.groupBy(splitStream(seed).permutation(count), (row) =>
    targets.kind === "classes" ? targets.labels[row] : 0,
  );
  const inOrder = [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
  const held =
    fold === undefined ? shareOf(inOrder, share) : inOrder.flat().filter((_, i) => i % fold.of === fold.fold);
  if (held.length === 0 || held.length === count) {
    throw new DataError({
      en: `fit: validation must leave rows on both sides, got ${held.length} of ${count} held back. Give more rows or another share.`,
      ja: `fit: 検証用に ${count} 行のうち ${held.length} 行では分けられません。行を増やすか割合を変えてください。`,
    });
  }
  const back = new Set(held);
  return { train: allRows(count).filter((row) => !back.has(row)), held: Int32Array.from(held).sort() };
}

/** Another stream than that of weights and minibatches, so that holding rows back changes none of them. */
function splitStream(seed: number): RandomStream {
  return RandomStream.seeded((seed ^ 0x9e3779b9) >>> 0);
}

/** The first rows of each group, so many that all together are the share. */
function shareOf(groups: readonly (readonly number[])[], share: number): number[] {
  let owed = 0;
  return groups.flatMap((group) => {
    owed += share * group.length;
    const take = Math.min(group.length - 1, Math.max(0, Math.round(owed)));
    owed -= take;
    return group.slice(0, take);
  });
}
