import { elementwiseLoss } from "../elementwise-loss.ts";
import { defineLoss } from "../loss.ts";

/** The mean of |y − t| over the outputs. Backward: dx = sign(y − t)/(m·n), 0 where y = t. */
export const meanAbsoluteError = defineLoss({
  name: "meanAbsoluteError",
  about: {
    en: "The mean of the differences' sizes: a far outlier counts no more than its distance.",
    ja: "差の絶対値の平均です。大きな外れ値でも、その距離の分しか効きません。",
  },
  tex: "|y - t|",
  targets: "values",
  hyper: {},
  open: (_, memory) => elementwiseLoss({ value: (y, t) => Math.abs(y - t), slope: (y, t) => Math.sign(y - t) }, memory),
});
