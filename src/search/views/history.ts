import type { TrialRecord } from "../../core/trial.ts";
import type { FigureSpec, Layer, Points } from "../../figure/figure-spec.ts";
import { formatNumber } from "../../figure/format-cell.ts";
import { bestTrial, type Completed, compareValues, isFeasible } from "../ranking.ts";
import type { StudyData, StudyView } from "./study-view.ts";
import { completedOf, lastNumber, thinned } from "./trials.ts";
import { beyondNote, trialAxis, valueScale } from "./value-axis.ts";

/** Points a figure shows of each kind. */
const mostPoints = 2000;

/** Value of each trial in their order, and the best so far. */
export const historyView: StudyView = {
  id: "history",
  title: { en: "History", ja: "最適化の履歴" },
  needs: { en: "a completed trial", ja: "完了した試行" },
  draw: historyFigure,
};

/** The best feasible value after each trial that improved it, as the corners of a staircase that ends at `last`. */
export function bestSoFar(
  trials: readonly Completed[],
  direction: StudyData["direction"],
  last: number,
): { x: number[]; y: number[] } {
  const x: number[] = [];
  const y: number[] = [];
  for (const trial of trials) {
    if (!isFeasible(trial)) {
      continue;
    }
    const { number, value } = trial;
    const before = y.at(-1);
    if (before === undefined || compareValues(value, before, direction) < 0) {
      if (before !== undefined) {
        x.push(number);
        y.push(before);
      }
      x.push(number);
      y.push(value);
    }
  }
  if (y.length > 0) {
    x.push(last);
    y.push(y[y.length - 1]);
  }
  return { x, y };
}

/** A staircase of so many corners as a figure can show, its ends among them. */
export function shownStairs({ x, y }: { x: number[]; y: number[] }): { x: number[]; y: number[] } {
  const shown = thinned([...x.keys()], mostPoints);
  return { x: shown.map((i) => x[i]), y: shown.map((i) => y[i]) };
}

function historyFigure(study: StudyData): FigureSpec | null {
  const { trials, direction } = study;
  const completed = completedOf(trials);
  const pruned = trials.filter(({ state, value }) => state === "pruned" && value !== null);
  if (completed.length === 0) {
    return null;
  }
  const scale = valueScale(
    study,
    [...completed, ...pruned].map(({ value }) => value as number),
  );
  const last = lastNumber(trials);
  const points = (of: readonly TrialRecord[], look: Pick<Points, "name" | "style" | "marker">): Layer[] => {
    const shown = thinned(of, mostPoints);
    return shown.length === 0
      ? []
      : [
          {
            kind: "points",
            ...look,
            x: shown.map(({ number }) => number),
            y: shown.map(({ value }) => scale.clamp(value as number)),
          },
        ];
  };
  const best = bestTrial(trials, direction);
  const stairs = shownStairs(bestSoFar(completed, direction, last));
  const told = best === undefined ? null : formatNumber(best.value);
  const note = beyondNote(scale);
  return {
    id: "history",
    title: historyView.title,
    subtitle:
      best === undefined || told === null
        ? { en: `no trial keeps the constraints yet${note.en}`, ja: `制約を満たす試行はまだありません${note.ja}` }
        : {
            en: `best: ${told} in trial ${best.number}, of ${trials.length} trials${note.en}`,
            ja: `最良: 試行 ${best.number} の ${told}(全 ${trials.length} 試行)${note.ja}`,
          },
    columns: 1,
    panels: [
      {
        kind: "plane",
        aspect: 0.42,
        x: trialAxis(last),
        y: scale.axis,
        layers: [
          ...points(pruned, { name: { en: "pruned", ja: "枝刈り" }, style: 7, marker: "ring" }),
          ...points(
            completed.filter((trial) => !isFeasible(trial)),
            {
              name: { en: "breaks a constraint", ja: "制約違反" },
              style: 4,
              marker: "cross",
            },
          ),
          ...points(completed.filter(isFeasible), { name: { en: "complete", ja: "完了" }, style: 0 }),
          {
            kind: "curve",
            name: { en: "best so far", ja: "それまでの最良" },
            style: 1,
            role: "smooth",
            dash: "solid",
            x: stairs.x,
            y: stairs.y.map(scale.clamp),
          },
        ],
      },
    ],
  };
}
