import { elementwiseLoss } from "../elementwise-loss.ts";
import { defineLoss } from "../loss.ts";

/** The mean of (y − t)² over the outputs. Backward: dx = 2·(y − t)/(m·n). */
export const meanSquaredError = defineLoss({
  name: "meanSquaredError",
  about: { en: "The mean of the squared differences.", ja: "差の二乗の平均です。" },
  tex: "(y - t)^2",
  targets: "values",
  hyper: {},
  open: (_, memory) => elementwiseLoss({ value: (y, t) => (y - t) * (y - t), slope: (y, t) => 2 * (y - t) }, memory),
});
