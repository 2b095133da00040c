import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const adagrad = defineOptimizer({
  name: "adagrad",
  label: "AdaGrad",
  about: {
    en: "Gives each parameter its own rate, smaller the more it has moved.",
    ja: "パラメータごとに学習率を持ち、大きく動いたものほど小さくしていきます。",
  },
  paper: {
    title: "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization",
    authors: "Duchi, Hazan & Singer",
    year: 2011,
    where: "Figure 1, diagonal matrices",
    differs: "eps is added to the square root, not to the sum, as in the book",
  },
  hyper: {
    lr: usual.lr(0.01),
    eps: usual.eps(1e-7),
  },
  slots: ["h"],
  rule: `
    h = h + g^2
    w = w - lr * g / (sqrt(h) + eps)
  `,
});
