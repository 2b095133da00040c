import type { Text } from "../../core/text.ts";
import type { FigureSpec, Layer } from "../../figure/figure-spec.ts";
import { empiricalDistribution } from "./edf.ts";
import { bestSoFar, shownStairs } from "./history.ts";
import type { StudyData } from "./study-view.ts";
import { completedOf, lastNumber } from "./trials.ts";
import { trialAxis, valueScale } from "./value-axis.ts";

/**
 * Draws several studies of one objective together: the best so far of each over its trials, and the distribution of its
 * values. Null when none has a completed trial.
 */
export function compareStudies(
  studies: readonly { readonly name: Text; readonly data: StudyData }[],
): FigureSpec | null {
  const all = studies.map(({ name, data }) => ({ name, data, completed: completedOf(data.trials) }));
  const known = all.filter(({ completed }) => completed.length > 0);
  if (known.length === 0) {
    return null;
  }
  const { data } = known[0];
  const values = known.flatMap(({ completed }) => completed.map(({ value }) => value));
  const scale = valueScale(data, values);
  const lasts = known.map(({ data: { trials } }) => lastNumber(trials));
  const last = lasts.reduce((a, b) => Math.max(a, b), 0);
  const stairs = known.map(({ completed, data: { direction } }, i) =>
    shownStairs(bestSoFar(completed, direction, lasts[i])),
  );
  const bests = valueScale(
    data,
    stairs.flatMap(({ y }) => y),
  );
  const curves = (of: (study: (typeof known)[number], i: number) => { x: number[]; y: number[] }): Layer[] =>
    known.map((study, i) => ({ kind: "curve", name: study.name, style: i, role: "smooth", ...of(study, i) }));
  return {
    id: "compare-studies",
    title: { en: "Studies compared", ja: "探索の比較" },
    columns: 2,
    panels: [
      {
        kind: "plane",
        title: { en: "best so far", ja: "それまでの最良" },
        x: trialAxis(last),
        y: bests.axis,
        layers: curves((_, i) => ({ x: stairs[i].x, y: stairs[i].y.map(bests.clamp) })),
      },
      {
        kind: "plane",
        title: { en: "distribution of the values", ja: "値の分布" },
        x: scale.axis,
        y: { label: { en: "share of trials", ja: "試行の割合" }, domain: [0, 1] },
        layers: curves(({ completed }) => empiricalDistribution(completed.map(({ value }) => scale.clamp(value)))),
      },
    ],
  };
}
