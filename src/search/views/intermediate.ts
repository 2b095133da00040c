import type { TrialRecord } from "../../core/trial.ts";
import type { Curve, FigureSpec, Points } from "../../figure/figure-spec.ts";
import { bestTrial } from "../ranking.ts";
import type { StudyData, StudyView } from "./study-view.ts";
import { thinned } from "./trials.ts";
import { beyondNote, valueScale } from "./value-axis.ts";

const mostCurves = 200;
/** Points of one curve. */
const mostPoints = 1000;
/** So many lines can still be told apart at full strength. */
const fewCurves = 24;

/** What the trials reported on their way. */
export const intermediateView: StudyView = {
  id: "intermediate",
  title: { en: "Intermediate values", ja: "途中経過の値" },
  needs: { en: "a trial that reports values on its way", ja: "途中経過を報告する試行" },
  draw: intermediateFigure,
};

function intermediateFigure(study: StudyData): FigureSpec | null {
  const reporting = study.trials.filter(({ intermediate }) => intermediate.length > 0);
  if (reporting.length === 0) {
    return null;
  }
  const best = bestTrial(study.trials, study.direction);
  const shown = thinned(
    reporting.filter((trial) => trial !== best),
    mostCurves,
  );
  const values = shown
    .concat(best ?? [])
    .flatMap(({ intermediate }) => intermediate.map(({ value }) => value))
    .filter((value) => value !== null);
  const scale = valueScale(study, values);
  const pointsOf = ({ intermediate }: TrialRecord) => {
    const points = thinned(intermediate, mostPoints);
    return {
      x: points.map(({ step }) => step),
      y: points.map(({ value }) => (value === null ? null : scale.clamp(value))),
    };
  };
  const curve = (trial: TrialRecord, look: Pick<Curve, "name" | "style" | "role" | "dash">): Curve => ({
    kind: "curve",
    ...look,
    ...pointsOf(trial),
  });
  const role = shown.length > fewCurves ? "raw" : "line";
  const pruned = shown.filter(({ state }) => state === "pruned");
  const others = shown.filter(({ state }) => state !== "pruned");
  // A line through a single point shows nothing: of a trial pruned at once, or one that reports but once.
  const points = (of: readonly TrialRecord[], look: Pick<Points, "style" | "marker">): Points[] => {
    const ends = of.flatMap((trial) => {
      const { x, y } = pointsOf(trial);
      const last = y.findLastIndex((value) => value !== null);
      return last < 0 ? [] : [{ x: x[last], y: y[last] as number }];
    });
    return ends.length === 0 ? [] : [{ kind: "points", ...look, x: ends.map(({ x }) => x), y: ends.map(({ y }) => y) }];
  };
  const once = ({ intermediate }: TrialRecord) => intermediate.filter(({ value }) => value !== null).length === 1;
  const note = beyondNote(scale);
  const cut = reporting.length > shown.length + 1;
  return {
    id: "intermediate",
    title: intermediateView.title,
    subtitle: {
      en: `a line a trial, the thick one is the best; pruned ones end early, at a ring${cut ? `; ${shown.length} of ${reporting.length} trials are shown` : ""}${note.en}`,
      ja: `1本の線が1試行で、太線が最良の試行。枝刈りされた試行は途中の○で終わります${cut ? `。${reporting.length} 件中 ${shown.length} 件を表示` : ""}${note.ja}`,
    },
    columns: 1,
    panels: [
      {
        kind: "plane",
        aspect: 0.42,
        x: { label: { en: "step", ja: "ステップ" }, whole: true },
        y: scale.axis,
        layers: [
          ...pruned.map((trial) =>
            curve(trial, { name: { en: "pruned", ja: "枝刈り" }, style: 7, role, dash: "solid" }),
          ),
          ...others.map((trial) =>
            curve(trial, { name: { en: "other trials", ja: "他の試行" }, style: 0, role, dash: "solid" }),
          ),
          ...points(others.filter(once), { style: 0 }),
          ...points(pruned, { style: 7, marker: "ring" }),
          ...(best === undefined || best.intermediate.length === 0
            ? []
            : [
                curve(best, {
                  name: { en: `best: trial ${best.number}`, ja: `最良: 試行 ${best.number}` },
                  style: 1,
                  role: "smooth",
                  dash: "solid",
                }),
                ...points([best].filter(once), { style: 1 }),
              ]),
        ],
      },
    ],
  };
}
