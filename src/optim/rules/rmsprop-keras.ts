import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const rmspropKeras = defineOptimizer({
  name: "rmspropKeras",
  label: "RMSpropKeras",
  about: {
    en: "RMSprop as Keras has it: eps under the root, decay 0.9, lr 0.001.",
    ja: "Keras の RMSprop です。eps は平方根の中にあり、decay は 0.9、lr は 0.001 です。",
  },
  paper: {
    title: "Neural Networks for Machine Learning",
    authors: "Hinton, with Srivastava & Swersky",
    year: 2012,
    where: "lecture 6e",
    differs: "eps is added under the root, as in Keras",
  },
  hyper: {
    lr: usual.lr(0.001),
    decay: usual.decay(0.9),
    eps: usual.eps(1e-7),
  },
  slots: ["h"],
  rule: `
    h = decay * h + (1 - decay) * g^2
    w = w - lr * g / sqrt(h + eps)
  `,
});
