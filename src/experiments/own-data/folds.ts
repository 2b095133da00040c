import { largestOf, meanOf, smallestOf } from "../../core/long-lists.ts";
import type { RunRecord, Series } from "../../core/record.ts";
import type { Told } from "../../core/text.ts";
import type { Layer, StyleIndex } from "../../figure/figure-spec.ts";
import { drawn, runsOf, seriesOf } from "../series.ts";

/** What a network of a cross-validation is called in its run. @param fold from 0 */
export const foldName = (fold: number) => `fold ${fold + 1}`;

/** The runs of a record that are folds, in order; none where there was no cross-validation. */
export function foldsOf(record: Pick<RunRecord, "series">): string[] {
  return runsOf(record).filter((run) => /^fold \d+$/.test(run));
}

/** A metric over all folds, as far as the shortest training goes: the mean as a curve, the range as a band. */
export function foldLayers(
  record: Pick<RunRecord, "series">,
  { metric, name, style }: { readonly metric: string; readonly name: Told; readonly style: StyleIndex },
): Layer[] {
  const folds = foldsOf(record);
  const all = folds
    .map((run) => seriesOf(record, run, metric))
    .filter((series): series is Series => series !== undefined);
  if (all.length === 0) {
    return [];
  }
  const length = smallestOf(all.map(({ y }) => y.length));
  const x = all[0].x.slice(0, length);
  const over = (join: (values: readonly number[]) => number) =>
    x.map((_, i) => {
      const values = all.map(({ y }) => y[i]).filter((value) => value !== null);
      return values.length < all.length ? null : join(values);
    });
  return [
    { kind: "band", style, x, low: over(smallestOf), high: over(largestOf) },
    {
      kind: "curve",
      name: { en: `${name.en} (mean of ${all.length} folds)`, ja: `${name.ja}(${all.length} 分割の平均)` },
      role: "line",
      style,
      x,
      y: drawn(over(meanOf)),
    },
  ];
}
