import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

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
    lr: usual.lr(0.01),
    decay: usual.decay(0.99),
    eps: usual.eps(1e-7),
  },
  slots: ["h"],
  rule: `
    h = decay * h + (1 - decay) * g^2
    w = w - lr * g / (sqrt(h) + eps)
  `,
});
