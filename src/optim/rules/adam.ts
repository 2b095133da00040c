import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

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
    lr: usual.lr(0.001),
    beta1: usual.beta1(0.9),
    beta2: usual.beta2(0.999),
    eps: usual.eps(1e-7),
  },
  slots: ["m", "v"],
  rule: `
    lr_t = lr * sqrt(1 - beta2^t) / (1 - beta1^t)
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g^2 - v)
    w = w - lr_t * m / (sqrt(v) + eps)
  `,
});
