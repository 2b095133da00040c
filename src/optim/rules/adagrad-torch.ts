import { real } from "../../core/hyper.ts";
import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const adagradTorch = defineOptimizer({
  name: "adagradTorch",
  label: "AdaGradTorch",
  about: {
    en: "AdaGrad as PyTorch has it: eps 1e-10, a rate that may also fall with the steps.",
    ja: "PyTorch の AdaGrad です。eps は 1e-10 で、ステップとともに学習率を下げることもできます。",
  },
  paper: {
    title: "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization",
    authors: "Duchi, Hazan & Singer",
    year: 2011,
    where: "Figure 1, diagonal matrices",
    differs:
      "eps is added to the root; lr is divided by 1 + (t − 1)·lrDecay; weightDecay is added to the gradient; as in PyTorch",
  },
  hyper: {
    lr: usual.lr(0.01),
    lrDecay: real({
      default: 0,
      min: 0,
      about: { en: "how fast lr falls with the steps", ja: "ステップとともに lr が下がる速さ" },
    }),
    weightDecay: usual.l2(0),
    eps: usual.eps(1e-10),
  },
  slots: ["h"],
  rule: `
    d = g + weightDecay * w
    h = h + d^2
    w = w - lr / (1 + (t - 1) * lrDecay) * d / (sqrt(h) + eps)
  `,
});
