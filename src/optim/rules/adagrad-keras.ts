import { real } from "../../core/hyper.ts";
import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const adagradKeras = defineOptimizer({
  name: "adagradKeras",
  label: "AdaGradKeras",
  about: {
    en: "AdaGrad as Keras has it: the sum begins at 0.1, eps under the root, lr 0.001.",
    ja: "Keras の AdaGrad です。和は 0.1 から始まり、eps は平方根の中にあり、lr は 0.001 です。",
  },
  paper: {
    title: "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization",
    authors: "Duchi, Hazan & Singer",
    year: 2011,
    where: "Figure 1, diagonal matrices",
    differs: "the sum begins at `first` and eps is added under the root, as in Keras",
  },
  hyper: {
    lr: usual.lr(0.001),
    first: real({ default: 0.1, min: 0, about: { en: "what the sum of squares begins with", ja: "二乗和の初期値" } }),
    eps: usual.eps(1e-7),
  },
  slots: ["h"],
  rule: `
    h = h + g^2
    w = w - lr * g / sqrt(h + first + eps)
  `,
});
