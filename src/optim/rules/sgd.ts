import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const sgd = defineOptimizer({
  name: "sgd",
  label: "SGD",
  about: {
    en: "Steps straight down the gradient of one minibatch.",
    ja: "ミニバッチの勾配と逆の向きへ、学習率に応じて進みます。",
  },
  paper: {
    title: "A Stochastic Approximation Method",
    authors: "Robbins & Monro",
    year: 1951,
    where: "§2, eq. (6)",
    differs: "the learning rate is constant",
  },
  hyper: { lr: usual.lr(0.01) },
  slots: [],
  rule: "w = w - lr * g",
});
