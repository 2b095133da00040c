import type { Axis, FigureSpec, PlanePanel } from "../../figure/figure-spec.ts";
import { bestTrial, type Completed } from "../ranking.ts";
import { type Parameter, parametersOf } from "./parameter.ts";
import { pedAnova } from "./ped-anova.ts";
import { type StudyData, type StudyView, trialWord } from "./study-view.ts";
import { completedOf, thinned } from "./trials.ts";
import { beyondNote, valueScale } from "./value-axis.ts";

const mostPanels = 12;
const mostPoints = 1000;

/** The value against each hyper-parameter. */
export const sliceView: StudyView = {
  id: "slice",
  title: { en: "Value against each hyper-parameter", ja: "ハイパーパラメータごとの値" },
  needs: { en: "a completed trial", ja: "完了した試行" },
  draw: sliceFigure,
};

function sliceFigure(study: StudyData): FigureSpec | null {
  const completed = completedOf(study.trials);
  const parameters = parametersByImportance(study).slice(0, mostPanels);
  if (completed.length === 0 || parameters.length === 0) {
    return null;
  }
  const scale = valueScale(
    study,
    completed.map(({ value }) => value),
  );
  const best = bestTrial(study.trials, study.direction);
  const shown = thinned(completed, mostPoints);
  const [first, last] = [completed[0].number, completed[completed.length - 1].number];
  const note = beyondNote(scale);
  return {
    id: "slice",
    title: sliceView.title,
    subtitle: {
      en: `the darker the later; the dashed line marks the best${note.en}`,
      ja: `濃いほど後の試行。破線は最良の試行${note.ja}`,
    },
    columns: parameters.length === 1 ? 1 : parameters.length === 2 || parameters.length === 4 ? 2 : 3,
    panels: parameters.map((parameter): PlanePanel => {
      const place = placeOf(parameter);
      const having = shown.filter((trial) => place(trial) !== null);
      const at = best === undefined ? null : parameter.at(best);
      return {
        kind: "plane",
        aspect: parameters.length === 1 ? 0.5 : 0.8,
        title: parameter.axis.label,
        x: padded(parameter.axis),
        y: scale.axis,
        layers: [
          ...(at === null ? [] : [{ kind: "rule", axis: "x", at } as const]),
          {
            kind: "points",
            style: 0,
            x: having.map((trial) => place(trial) as number),
            y: having.map(({ value }) => scale.clamp(value)),
            value: having.map(({ number }) => number),
            colors: { label: trialWord, domain: first < last ? [first, last] : [first, first + 1] },
          },
        ],
      };
    }),
  };
}

/** A little beyond its ends, so that points there are whole; without a name, which stands above. */
function padded(axis: Parameter["axis"]): Axis {
  const [low, high] = axis.domain;
  const ratio = (high / low) ** 0.03;
  const pad = 0.03 * (high - low);
  return {
    ...axis,
    label: "",
    domain: axis.scale === "log" ? [low / ratio, high * ratio] : [low - pad, high + pad],
  };
}

/** The parameters, those first that decide most. */
export function parametersByImportance(study: StudyData): Parameter[] {
  const parameters = [...parametersOf(completedOf(study.trials))];
  const places = new Map(pedAnova(study).map(({ name }, i) => [name, i]));
  const place = ({ name }: Parameter) => places.get(name) ?? -1;
  return parameters.sort((a, b) => place(a) - place(b));
}

/** A trial's place on an axis; among the trials of one category beside one another, so that each can be seen. */
export function placeOf(parameter: Parameter): (trial: Completed) => number | null {
  return (trial) => {
    const at = parameter.at(trial);
    // The golden ratio's multiples spread evenly and are the same in every drawing.
    return at === null || parameter.distribution.kind !== "category"
      ? at
      : at + 0.5 * (((trial.number * 0.618034) % 1) - 0.5);
  };
}
