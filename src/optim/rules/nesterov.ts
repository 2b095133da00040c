import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const nesterov = defineOptimizer({
  name: "nesterov",
  label: "Nesterov",
  about: {
    en: "Momentum that takes the gradient where the velocity is about to lead.",
    ja: "速度で進んだ先の勾配を使う、先読みする Momentum です。",
  },
  paper: {
    title: "Advances in Optimizing Recurrent Networks",
    authors: "Bengio, Boulanger-Lewandowski & Pascanu",
    year: 2013,
    where: "§3.5, eq. (7): Nesterov's accelerated gradient (1983) written for the looked-ahead parameters",
  },
  hyper: {
    lr: usual.lr(0.01),
    momentum: usual.momentum(0.9),
  },
  slots: ["v"],
  rule: `
    w = w + momentum^2 * v - (1 + momentum) * lr * g
    v = momentum * v - lr * g
  `,
});
