import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const rmspropTorch = defineOptimizer({
  name: "rmspropTorch",
  label: "RMSpropTorch",
  about: {
    en: "RMSprop as PyTorch has it: eps 1e-8, with a velocity if one is asked for.",
    ja: "PyTorch の RMSprop です。eps は 1e-8 で、速度を持たせることもできます。",
  },
  paper: {
    title: "Neural Networks for Machine Learning",
    authors: "Hinton, with Srivastava & Swersky",
    year: 2012,
    where: "lecture 6e",
    differs:
      "eps 1e-8 is added to the root; momentum is 0 unless given; weightDecay is added to the gradient; as in PyTorch",
  },
  hyper: {
    lr: usual.lr(0.01),
    decay: usual.decay(0.99),
    momentum: usual.momentum(0),
    eps: usual.eps(1e-8),
    weightDecay: usual.l2(0),
  },
  slots: ["h", "v"],
  rule: `
    d = g + weightDecay * w
    h = decay * h + (1 - decay) * d^2
    v = momentum * v + d / (sqrt(h) + eps)
    w = w - lr * v
  `,
});
