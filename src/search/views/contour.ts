import { plainNumber } from "../../core/plain-json.ts";
import type { ColorScale, FigureSpec, Grid, PlanePanel } from "../../figure/figure-spec.ts";
import { bestTrial, type Completed } from "../ranking.ts";
import type { Parameter } from "./parameter.ts";
import { parametersByImportance, placeOf } from "./slice.ts";
import type { StudyData, StudyView } from "./study-view.ts";
import { completedOf, thinned } from "./trials.ts";
import { beyondNote, type ValueScale, valueScale } from "./value-axis.ts";

const gridSize = 32;
const mostPoints = 600;
/** Square of the distance, in shares of an axis, within which trials are averaged rather than told apart. */
const smoothing = 0.003;

/** The value over two hyper-parameters, guessed between the trials. */
export const contourView: StudyView = {
  id: "contour",
  title: { en: "Response to two hyper-parameters", ja: "2つのハイパーパラメータに対する応答" },
  needs: {
    en: "three completed trials with two hyper-parameters",
    ja: "ハイパーパラメータが2つ以上で、完了した試行が3件以上",
  },
  draw: (study) => contourFigure(study),
};

/**
 * Draws the response over the pairs given; over those of the three most important parameters when absent. Null with fewer
 * than three completed trials or a parameter that is not there.
 */
export function contourFigure(
  study: StudyData,
  pairs?: readonly (readonly [x: string, y: string])[],
): FigureSpec | null {
  const completed = completedOf(study.trials);
  const parameters = parametersByImportance(study);
  const named = (name: string) => parameters.find((parameter) => parameter.name === name);
  const chosen =
    pairs?.map(([x, y]) => [named(x), named(y)]) ??
    parameters.slice(0, 3).flatMap((x, i, top) => top.slice(i + 1).map((y) => [x, y]));
  const known = chosen.filter((pair): pair is [Parameter, Parameter] => pair.every((end) => end !== undefined));
  if (completed.length < 3 || known.length === 0) {
    return null;
  }
  const scale = valueScale(
    study,
    completed.map(({ value }) => value),
  );
  const best = bestTrial(study.trials, study.direction);
  const note = beyondNote(scale);
  return {
    id: "contour",
    title: contourView.title,
    subtitle: {
      en: `the darker the better, guessed between the trials (dots); the cross is the best${note.en}`,
      ja: `濃いほど良い値。点は試行で、その間は補間した推定値。×は最良の試行${note.ja}`,
    },
    columns: Math.min(2, known.length),
    panels: known.map(([x, y]) => panelOf(x, y, { completed, best, scale, alone: known.length === 1 })),
  };
}

function panelOf(
  x: Parameter,
  y: Parameter,
  {
    completed,
    best,
    scale,
    alone,
  }: { completed: readonly Completed[]; best?: Completed; scale: ValueScale; alone: boolean },
): PlanePanel {
  const both = completed.filter((trial) => x.at(trial) !== null && y.at(trial) !== null);
  const shown = thinned(both, mostPoints);
  const [placeX, placeY] = [placeOf(x), placeOf(y)];
  const colors: ColorScale = scale.colors;
  const marked = best !== undefined && x.at(best) !== null && y.at(best) !== null ? [best] : [];
  return {
    kind: "plane",
    aspect: alone ? 0.6 : 0.85,
    x: x.axis,
    y: y.axis,
    layers: [
      { kind: "heat", grid: responseGrid(x, y, both, scale), colors },
      {
        kind: "points",
        style: 0,
        x: shown.map((trial) => placeX(trial) as number),
        y: shown.map((trial) => placeY(trial) as number),
        value: shown.map(({ value }) => scale.clamp(value)),
        colors,
      },
      {
        kind: "points",
        style: 1,
        marker: "cross",
        x: marked.map((trial) => placeX(trial) as number),
        y: marked.map((trial) => placeY(trial) as number),
      },
    ],
  };
}

/** The mean of the trials' values, each weighted by its distance to the power of −4 (Shepard 1968), on the axes' scales. */
function responseGrid(x: Parameter, y: Parameter, trials: readonly Completed[], scale: ValueScale): Grid {
  const known = thinned(trials, mostPoints).map((trial) => ({
    x: x.share(trial) as number,
    y: y.share(trial) as number,
    z: scale.clamp(trial.value),
  }));
  // Weights times values near the largest number would be infinite; a power of two changes no digit.
  const unit = known.some(({ z }) => Math.abs(z) > 1e280) ? 2 ** -64 : 1;
  const columns = x.grid(gridSize);
  const rows = y.grid(gridSize);
  const share = (i: number, count: number) => (count === 1 ? 0.5 : i / (count - 1));
  const z = rows.flatMap((_, j) =>
    columns.map((__, i) => {
      let sum = 0;
      let weights = 0;
      for (const point of known) {
        const square = (point.x - share(i, columns.length)) ** 2 + (point.y - share(j, rows.length)) ** 2;
        const weight = 1 / (square + smoothing) ** 2;
        sum += weight * (point.z * unit);
        weights += weight;
      }
      return weights > 0 ? plainNumber(scale.clamp(sum / weights / unit)) : null;
    }),
  );
  return { x: columns, y: rows, z };
}
