import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const adamTorch = defineOptimizer({
  name: "adamTorch",
  label: "AdamTorch",
  about: {
    en: "Adam as PyTorch has it: both means are corrected first, then eps is added.",
    ja: "PyTorch の Adam です。2つの平均をどちらも補正してから eps を加えます。",
  },
  paper: {
    title: "Adam: A Method for Stochastic Optimization",
    authors: "Kingma & Ba",
    year: 2014,
    where: "Algorithm 1",
    differs:
      "weightDecay, when it is not 0, is added to the gradient as PyTorch's Adam does; eps is 1e-8 and stands beside the corrected root (the rule adam adds it to the uncorrected one)",
  },
  hyper: {
    lr: usual.lr(0.001),
    beta1: usual.beta1(0.9),
    beta2: usual.beta2(0.999),
    eps: usual.eps(1e-8),
    weightDecay: usual.l2(0),
  },
  slots: ["m", "v"],
  rule: `
    d = g + weightDecay * w
    m = m + (1 - beta1) * (d - m)
    v = beta2 * v + (1 - beta2) * d^2
    w = w - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
  `,
});
