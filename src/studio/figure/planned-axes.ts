import { inLanguage } from "../../core/text.ts";
import type { FigureSpec } from "../../figure/figure-spec.ts";
import type { Settings } from "../../runs/experiment.ts";

/** While a run goes on: the axis of iterations as long as the run is planned, so that curves race to its end. */
export function plannedAxes(spec: FigureSpec, { iterations }: Settings): FigureSpec {
  if (typeof iterations !== "number") {
    return spec;
  }
  return {
    ...spec,
    panels: spec.panels.map((panel) =>
      panel.kind === "plane" && inLanguage(panel.x.label, "en") === "iterations" && panel.x.domain === undefined
        ? { ...panel, x: { ...panel.x, domain: [0, iterations] } }
        : panel,
    ),
  };
}
