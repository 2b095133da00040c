import { fraction } from "../../core/hyper.ts";
import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const adan = defineOptimizer({
  name: "adan",
  label: "Adan",
  about: {
    en: "Adam that also follows how the gradient changes from step to step.",
    ja: "勾配そのものに加え、勾配の変化も追う Adam です。",
  },
  paper: {
    title: "Adan: Adaptive Nesterov Momentum Algorithm for Faster Optimizing Deep Models",
    authors: "Xie, Zhou, Li, Lin & Yan",
    year: 2022,
    where: "Algorithm 1 without restart",
    differs:
      "the betas are what is kept (the paper's 1 − β), and the three means are bias-corrected, as in the authors' code",
  },
  hyper: {
    lr: usual.lr(0.001),
    beta1: usual.beta1(0.98),
    beta2: fraction(0.92, {
      en: "share of the mean change of the gradient that is kept",
      ja: "勾配の変化の平均を残す割合",
    }),
    beta3: fraction(0.99, {
      en: "share of the mean square that is kept each step",
      ja: "1ステップごとに残す二乗平均の割合",
    }),
    eps: usual.eps(1e-8),
    weightDecay: usual.weightDecay(0),
  },
  slots: ["m", "c", "n", "last"],
  rule: `
    d = where(1.5 - t, 0, g - last)
    m = beta1 * m + (1 - beta1) * g
    c = beta2 * c + (1 - beta2) * d
    n = beta3 * n + (1 - beta3) * (g + beta2 * d)^2
    root = sqrt(n) / sqrt(1 - beta3^t) + eps
    w = (w - lr / (1 - beta1^t) * m / root - lr * beta2 / (1 - beta2^t) * c / root) / (1 + lr * weightDecay)
    last = g
  `,
});
