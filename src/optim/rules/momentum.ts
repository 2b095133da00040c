import { fraction, real } from "../../core/hyper.ts";
import { defineOptimizer } from "../optimizer.ts";

export const momentum = defineOptimizer({
  name: "momentum",
  label: "Momentum",
  about: {
    en: "Keeps a velocity: steps in one direction add up, steps to and fro cancel.",
    ja: "速度を持たせます。同じ向きの更新は加速し、行き来する更新は打ち消し合います。",
  },
  paper: {
    title: "Some methods of speeding up the convergence of iteration methods",
    authors: "Polyak",
    year: 1964,
    where: "eq. (9), the heavy ball",
    differs: "lr multiplies the gradient inside the velocity, as in the book",
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
    v = momentum * v - lr * g
    w = w + v
  `,
});
