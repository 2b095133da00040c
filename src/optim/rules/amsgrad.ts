import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const amsgrad = defineOptimizer({
  name: "amsgrad",
  label: "AMSGrad",
  about: {
    en: "Adam that divides by the largest mean square so far, so that a rate never grows again.",
    ja: "これまでで最大の二乗平均で割る Adam です。学習率が再び大きくなることがありません。",
  },
  paper: {
    title: "On the Convergence of Adam and Beyond",
    authors: "Reddi, Kale & Kumar",
    year: 2018,
    where: "Algorithm 2",
    differs: "with Adam's bias correction, as in PyTorch; the maximum is taken of the uncorrected mean",
  },
  hyper: {
    lr: usual.lr(0.001),
    beta1: usual.beta1(0.9),
    beta2: usual.beta2(0.999),
    eps: usual.eps(1e-8),
  },
  slots: ["m", "v", "top"],
  rule: `
    m = m + (1 - beta1) * (g - m)
    v = beta2 * v + (1 - beta2) * g^2
    top = max(top, v)
    w = w - lr / (1 - beta1^t) * m / (sqrt(top) / sqrt(1 - beta2^t) + eps)
  `,
});
