import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const rmspropCentered = defineOptimizer({
  name: "rmspropCentered",
  label: "RMSpropCentered",
  about: {
    en: "RMSprop that divides by the gradient's spread about its mean instead of its size.",
    ja: "勾配の大きさではなく、平均のまわりのばらつきで割る RMSprop です。",
  },
  paper: {
    title: "Generating Sequences With Recurrent Neural Networks",
    authors: "Graves",
    year: 2013,
    where: "eq. (38)–(41)",
    differs:
      "eps is added to the root and lr stands outside the velocity, as in PyTorch; a variance that rounding made negative is 0",
  },
  hyper: {
    lr: usual.lr(0.01),
    decay: usual.decay(0.99),
    momentum: usual.momentum(0),
    eps: usual.eps(1e-8),
  },
  slots: ["h", "a", "v"],
  rule: `
    h = decay * h + (1 - decay) * g^2
    a = decay * a + (1 - decay) * g
    v = momentum * v + g / (sqrt(max(h - a^2, 0)) + eps)
    w = w - lr * v
  `,
});
