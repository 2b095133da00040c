import { real } from "../../core/hyper.ts";
import { defineOptimizer } from "../optimizer.ts";

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
    lr: real({ default: 0.01, min: 0, scale: "log", about: { en: "learning rate", ja: "学習率" } }),
    eps: real({
      default: 1e-7,
      min: 0,
      scale: "log",
      about: { en: "keeps the divisor from 0", ja: "0で割らないための小さな値" },
    }),
  },
  slots: ["h"],
  rule: `
    h = h + g^2
    w = w - lr * g / (sqrt(h) + eps)
  `,
});
