import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

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
    lr: usual.lr(0.01),
    momentum: usual.momentum(0.9),
  },
  slots: ["v"],
  rule: `
    v = momentum * v - lr * g
    w = w + v
  `,
});
