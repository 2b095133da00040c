import type { FigureSpec } from "../../figure/figure-spec.ts";
import { shownName } from "./parameter.ts";
import { pedAnova } from "./ped-anova.ts";
import { needsTrials, type StudyData, type StudyView } from "./study-view.ts";
import { linearTicks } from "./ticks.ts";

const mostParameters = 20;

/** What decides how good a trial is. */
export const importancesView: StudyView = {
  id: "importances",
  title: { en: "Importance of the hyper-parameters", ja: "ハイパーパラメータの重要度" },
  needs: needsTrials,
  draw: importancesFigure,
};

function percentTicks(longest: number): { ticks: number[]; tickLabels: string[] } {
  const { ticks, tickLabels } = linearTicks(0, 100 * longest);
  return { ticks: ticks.map((tick) => tick / 100), tickLabels: tickLabels.map((label) => `${label}%`) };
}

function importancesFigure(study: StudyData): FigureSpec | null {
  const shown = pedAnova(study).slice(0, mostParameters);
  if (shown.every(({ importance }) => importance === 0)) {
    return null;
  }
  const y = shown.map((_, i) => shown.length - 1 - i);
  const longest = Math.max(...shown.map(({ importance }) => importance));
  return {
    id: "importances",
    title: importancesView.title,
    subtitle: {
      en: "PED-ANOVA: how far the best tenth of the trials differs from all, each parameter by itself",
      ja: "PED-ANOVA: 上位1割の試行の分布が、全試行の分布からどれだけ離れているか",
    },
    columns: 1,
    panels: [
      {
        kind: "plane",
        aspect: Math.min(0.9, 0.06 + 0.055 * shown.length),
        x: {
          label: { en: "share of importance", ja: "重要度の割合" },
          domain: [0, longest * 1.12],
          ...percentTicks(longest),
        },
        y: {
          label: "",
          domain: [-0.6, shown.length - 0.4],
          ticks: y,
          tickLabels: shown.map(({ name }) => shownName(name)),
        },
        layers: [
          {
            kind: "spans",
            style: 0,
            low: shown.map(() => 0),
            high: shown.map(({ importance }) => importance),
            y,
            height: 0.62,
          },
          ...shown.map(
            ({ importance }, i) =>
              ({
                kind: "label",
                x: importance + longest * 0.05,
                y: y[i],
                text: `${(100 * importance).toFixed(importance < 0.1 ? 1 : 0)}%`,
              }) as const,
          ),
        ],
      },
    ],
  };
}
