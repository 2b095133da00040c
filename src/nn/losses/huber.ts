import { real } from "../../core/hyper.ts";
import { elementwiseLoss } from "../elementwise-loss.ts";
import { defineLoss } from "../loss.ts";

/**
 * Squared near the target, straight beyond delta: ½d² where |d| ≤ δ, else δ·(|d| − ½δ), with d = y − t.
 * Huber 1964, Robust Estimation of a Location Parameter.
 *
 * Backward: dx = clamp(d, −δ, δ)/(m·n).
 */
export const huber = defineLoss({
  name: "huber",
  about: {
    en: "Squared differences near the target, straight beyond delta: outliers pull no harder than that.",
    ja: "目標の近くでは差の二乗、delta を超えると直線です。外れ値に引きずられにくくなります。",
  },
  tex: "\\begin{cases} \\frac{1}{2} d^2 & |d| \\le \\delta \\\\ \\delta (|d| - \\frac{1}{2} \\delta) & \\text{else} \\end{cases} \\quad d = y - t",
  targets: "values",
  hyper: {
    delta: real({
      default: 1,
      above: 0,
      about: { en: "distance from which the loss is straight", ja: "直線に変わる距離" },
    }),
  },
  open: ({ delta }, memory) =>
    elementwiseLoss(
      {
        value: (y, t) => {
          const d = Math.abs(y - t);
          return d <= delta ? 0.5 * d * d : delta * (d - 0.5 * delta);
        },
        slope: (y, t) => Math.max(-delta, Math.min(delta, y - t)),
      },
      memory,
    ),
});
