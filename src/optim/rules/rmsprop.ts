import { fraction, real } from "../../core/hyper.ts";
import { defineOptimizer } from "../optimizer.ts";

export const rmsprop = defineOptimizer({
  name: "rmsprop",
  label: "RMSprop",
  about: {
    en: "AdaGrad that forgets: old gradients count less and less, so the rate does not die out.",
    ja: "AdaGrad に忘却を加えたものです。古い勾配ほど軽くなり、学習率が0に近づき続けません。",
  },
  paper: {
    title: "Neural Networks for Machine Learning",
    authors: "Hinton, with Srivastava & Swersky",
    year: 2012,
    where: "lecture 6e",
    differs: "eps is added to the square root, as in the book",
  },
  hyper: {
    lr: real({ default: 0.01, min: 0, scale: "log", about: { en: "learning rate", ja: "学習率" } }),
    decay: fraction(0.99, {
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
  slots: ["h"],
  rule: `
    h = decay * h + (1 - decay) * g^2
    w = w - lr * g / (sqrt(h) + eps)
  `,
});
