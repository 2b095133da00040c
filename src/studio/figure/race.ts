import { inLanguage } from "../../core/text.ts";
import type { FigureSpec, Layer, PlanePanel } from "../../figure/figure-spec.ts";
import type { Settings } from "../../runs/experiment.ts";

const isOver = (panel: PlanePanel, x: string, y: string) =>
  inLanguage(panel.x.label, "en") === x && inLanguage(panel.y.label, "en") === y;

/**
 * Curves of one panel as a race: the axis of iterations as long as the run is planned, from its start on, so that they run
 * towards its end; losses from where they begin; each name at the end of its curve. @param going draws the finish line
 */
export function asRace(spec: FigureSpec, { iterations }: Settings, { going }: { readonly going: boolean }): FigureSpec {
  if (typeof iterations !== "number") {
    return spec;
  }
  const finish: Layer = { kind: "rule", axis: "x", at: iterations, label: { en: "finish", ja: "ゴール" } };
  return {
    ...spec,
    panels: spec.panels.map((panel) => {
      if (panel.kind !== "plane" || inLanguage(panel.x.label, "en") !== "iterations" || panel.x.domain !== undefined) {
        return panel;
      }
      const losses = isOver(panel, "iterations", "loss");
      return {
        ...panel,
        x: { ...panel.x, domain: [0, iterations] as const },
        y: losses ? { ...panel.y, domain: [0, highestStart(panel)] as const } : panel.y,
        namesAtEnds: losses,
        layers: going && losses ? [...panel.layers, finish] : panel.layers,
      };
    }),
  };
}

/** Where the highest curve begins, and a little above; what the panel says where nothing has begun. */
function highestStart({ y, layers }: PlanePanel): number {
  const starts = layers.flatMap((layer) => {
    const first =
      layer.kind === "curve" && layer.broken === undefined
        ? layer.y.find((value) => value !== null && Number.isFinite(value))
        : null;
    return first == null ? [] : [first];
  });
  return starts.length === 0 ? (y.domain?.[1] ?? 1) : 1.04 * Math.max(...starts);
}
