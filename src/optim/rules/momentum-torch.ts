import { fraction } from "../../core/hyper.ts";
import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const momentumTorch = defineOptimizer({
  name: "momentumTorch",
  label: "MomentumTorch",
  about: {
    en: "Momentum as PyTorch's SGD has it: lr multiplies the velocity, so that a change of lr acts at once.",
    ja: "PyTorch の SGD にある Momentum です。lr は速度に掛かり、lr を変えるとすぐに効きます。",
  },
  paper: {
    title: "On the importance of initialization and momentum in deep learning",
    authors: "Sutskever, Martens, Dahl & Hinton",
    year: 2013,
    where: "§2",
    differs:
      "lr stands outside the velocity; the first gradient is not dampened; weightDecay is added to the gradient; as in PyTorch",
  },
  hyper: {
    lr: usual.lr(0.01),
    momentum: usual.momentum(0.9),
    dampening: fraction(0, {
      en: "share of each gradient that is left out of the velocity",
      ja: "速度に加えない勾配の割合",
    }),
    weightDecay: usual.l2(0),
  },
  slots: ["v"],
  rule: `
    d = g + weightDecay * w
    v = momentum * v + where(t - 1.5, 1 - dampening, 1) * d
    w = w - lr * v
  `,
});
