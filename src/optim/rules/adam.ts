import { fraction, real } from "../../core/hyper.ts";
import { defineOptimizer } from "../optimizer.ts";

export const adam = defineOptimizer({
  name: "adam",
  label: "Adam",
  about: {
    en: "Momentum and a rate for each parameter at once, both corrected for starting from zero.",
    ja: "Momentum とパラメータごとの学習率を合わせ、どちらも0から始まる偏りを補正します。",
  },
  paper: {
    title: "Adam: A Method for Stochastic Optimization",
    authors: "Kingma & Ba",
    year: 2014,
    where: "Algorithm 1, §2 last paragraph",
    differs: "eps is added to the uncorrected square root, as in the book and in that paragraph",
  },
  hyper: {
    lr: real({ default: 0.001, min: 0, scale: "log", about: { en: "learning rate", ja: "学習率" } }),
    beta1: fraction(0.9, {
      en: "share of the mean gradient that is kept each step",
      ja: "1ステップごとに残す勾配平均の割合",
    }),
    beta2: fraction(0.999, {
      en: "share of the mean square that is kept each step",
      ja: "1ステップごとに残す二乗平均の割合",
    }),
    eps: real({
      default: 1e-7,
      min: 0,
      scale: "log",
      about: { en: "keeps the divisor from 0", ja: "0で割らないための小さな値" },
    }),
  },
  slots: ["m", "v"],
  rule: `
    lr_t = lr * sqrt(1 - beta2^t) / (1 - beta1^t)
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g^2 - v)
    w = w - lr_t * m / (sqrt(v) + eps)
  `,
});
