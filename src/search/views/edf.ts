import type { FigureSpec } from "../../figure/figure-spec.ts";
import { needsTrials, type StudyData, type StudyView } from "./study-view.ts";
import { completedOf, thinned } from "./trials.ts";
import { beyondNote, valueScale } from "./value-axis.ts";

/** The share of trials at least as low as each value. */
export const edfView: StudyView = {
  id: "edf",
  title: { en: "Empirical distribution of the values", ja: "値の経験分布" },
  needs: needsTrials,
  draw: edfFigure,
};

/** Steps a figure shows; more lie within a pixel. */
const mostSteps = 2000;

/** The empirical distribution function as the corners of its staircase; of many values so many, evenly chosen. */
export function empiricalDistribution(values: readonly number[]): { x: number[]; y: number[] } {
  const sorted = Float64Array.from(values).sort();
  const x: number[] = [];
  const y: number[] = [];
  let before = 0;
  for (const i of thinned([...sorted.keys()], mostSteps)) {
    x.push(sorted[i], sorted[i]);
    y.push(before, (i + 1) / sorted.length);
    before = (i + 1) / sorted.length;
  }
  return { x, y };
}

function edfFigure(study: StudyData): FigureSpec | null {
  const values = completedOf(study.trials).map(({ value }) => value);
  if (values.length < 2) {
    return null;
  }
  const scale = valueScale(study, values);
  const [low, high] = scale.axis.domain;
  const { x, y } = empiricalDistribution(values);
  const note = beyondNote(scale);
  return {
    id: "edf",
    title: edfView.title,
    subtitle: {
      en: `the share of the ${values.length} completed trials whose value is no higher${note.en}`,
      ja: `値がそれ以下である試行の割合(完了 ${values.length} 試行)${note.ja}`,
    },
    columns: 1,
    panels: [
      {
        kind: "plane",
        aspect: 0.42,
        x: scale.axis,
        y: { label: { en: "share of trials", ja: "試行の割合" }, domain: [0, 1] },
        layers: [
          {
            kind: "curve",
            name: { en: "complete", ja: "完了" },
            style: 0,
            role: "smooth",
            x: [low, ...x.map((value) => Math.min(high, Math.max(low, value))), high],
            y: [0, ...y, 1],
          },
        ],
      },
    ],
  };
}
