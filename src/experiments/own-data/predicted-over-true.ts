import { largestOf, smallestOf } from "../../core/long-lists.ts";
import type { PlanePanel } from "../../figure/figure-spec.ts";

/** A point a row; on the line, what is told is true. */
export function predictedOverTrue(title: string, told: readonly number[], truth: readonly number[]): PlanePanel {
  const all = [...truth, ...told].filter(Number.isFinite);
  const [low, high] = [smallestOf(all), largestOf(all)];
  return {
    kind: "plane",
    title,
    x: { label: { en: "true", ja: "正解" } },
    y: { label: { en: "predicted", ja: "予測" } },
    layers: [
      {
        kind: "curve",
        name: { en: "predicted = true", ja: "予測 = 正解" },
        style: 7,
        role: "line",
        dash: "dashed",
        x: [low, high],
        y: [low, high],
      },
      { kind: "points", name: { en: "rows", ja: "行" }, style: 0, marker: "ring", x: truth, y: told },
    ],
  };
}
