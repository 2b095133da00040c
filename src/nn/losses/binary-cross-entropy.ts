import { exp, log } from "../../core/elementary.ts";
import { elementwiseLoss } from "../elementwise-loss.ts";
import { defineLoss } from "../loss.ts";

/**
 * Sigmoid and cross entropy in one, for each output by itself: y a logit, t in [0, 1];
 * loss = max(y, 0) − y·t + ln(1 + e^−|y|), which is −t·ln σ(y) − (1 − t)·ln(1 − σ(y)) without overflow.
 *
 * Backward: dx = (σ(y) − t)/(m·n).
 */
export const binaryCrossEntropy = defineLoss({
  name: "binaryCrossEntropy",
  about: {
    en: "Minus the logarithm of the probability that a sigmoid gives the right answer, for each yes or no by itself.",
    ja: "シグモイドが正しい答えに与えた確率の対数に、マイナスを付けたものです。「はい/いいえ」ごとに求めます。",
  },
  tex: "-t \\ln \\sigma(y) - (1 - t) \\ln (1 - \\sigma(y))",
  targets: "values",
  hyper: {},
  open: (_, memory) =>
    elementwiseLoss(
      {
        value: (y, t) => Math.max(y, 0) - y * t + log(1 + exp(-Math.abs(y))),
        slope: (y, t) => 1 / (1 + exp(-y)) - t,
      },
      memory,
    ),
});
