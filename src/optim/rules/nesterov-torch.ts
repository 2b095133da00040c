import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const nesterovTorch = defineOptimizer({
  name: "nesterovTorch",
  label: "NesterovTorch",
  about: {
    en: "Nesterov's momentum as PyTorch's SGD has it, with lr outside the velocity.",
    ja: "PyTorch の SGD にある Nesterov のモメンタムです。lr は速度の外にあります。",
  },
  paper: {
    title: "On the importance of initialization and momentum in deep learning",
    authors: "Sutskever, Martens, Dahl & Hinton",
    year: 2013,
    where: "§2.1, written for the looked-ahead parameters",
    differs: "lr stands outside the velocity; weightDecay is added to the gradient; as in PyTorch",
  },
  hyper: {
    lr: usual.lr(0.01),
    momentum: usual.momentum(0.9),
    weightDecay: usual.l2(0),
  },
  slots: ["v"],
  rule: `
    d = g + weightDecay * w
    v = momentum * v + d
    w = w - lr * (d + momentum * v)
  `,
});
