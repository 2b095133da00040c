import type { FigureSpec } from "../../figure/figure-spec.ts";
import { valueAt } from "../draw.ts";
import type { Parameter } from "./parameter.ts";
import { parametersByImportance, placeOf } from "./slice.ts";
import type { StudyData, StudyView } from "./study-view.ts";
import { rankedTrials, thinned } from "./trials.ts";
import { beyondNote, valueScale } from "./value-axis.ts";

const mostAxes = 10;
const mostLines = 600;

/** Every completed trial as a line through its value and its hyper-parameters. */
export const parallelView: StudyView = {
  id: "parallel",
  title: { en: "Parallel coordinates", ja: "平行座標" },
  needs: { en: "a completed trial", ja: "完了した試行" },
  draw: parallelFigure,
};

function parallelFigure(study: StudyData): FigureSpec | null {
  const ranked = rankedTrials(study);
  const parameters = parametersByImportance(study).slice(0, mostAxes);
  if (ranked.length === 0 || parameters.length === 0) {
    return null;
  }
  const scale = valueScale(
    study,
    ranked.map(({ value }) => value),
  );
  const places = parameters.map(placeOf);
  // The best are drawn last, over the others.
  const lines = thinned(ranked, mostLines)
    .map((trial) => ({
      at: [scale.clamp(trial.value), ...places.map((place) => place(trial))],
      value: scale.clamp(trial.value),
    }))
    .reverse();
  const note = beyondNote(scale);
  return {
    id: "parallel",
    title: parallelView.title,
    subtitle: {
      en: `a line a trial, the darker the better; the most important parameters first${note.en}`,
      ja: `1本の線が1試行。濃いほど良い値。重要度の高い順に並べています${note.ja}`,
    },
    columns: 1,
    panels: [
      {
        kind: "parallel",
        axes: [scale.axis, ...parameters.map(railOf)],
        lines,
        colors: scale.colors,
      },
    ],
  };
}

/** A parameter's axis, on which only values are named that a trial may have: no 3.5 layers. */
function railOf({ axis, distribution }: Parameter): Parameter["axis"] {
  if (distribution.kind === "category" || axis.ticks !== undefined) {
    return axis;
  }
  const { low, high } = distribution;
  return { ...axis, ticks: [...new Set([low, valueAt(distribution, low + (high - low) / 2), high])] };
}
