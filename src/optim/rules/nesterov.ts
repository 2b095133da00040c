import { fraction, real } from "../../core/hyper.ts";
import { defineOptimizer } from "../optimizer.ts";

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
    lr: real({ default: 0.01, min: 0, scale: "log", about: { en: "learning rate", ja: "学習率" } }),
    momentum: fraction(0.9, {
      en: "share of the velocity that is kept each step",
      ja: "1ステップごとに残す速度の割合",
    }),
  },
  slots: ["v"],
  rule: `
    w = w + momentum^2 * v - (1 + momentum) * lr * g
    v = momentum * v - lr * g
  `,
});
