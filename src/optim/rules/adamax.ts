import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const adamax = defineOptimizer({
  name: "adamax",
  label: "Adamax",
  about: {
    en: "Adam that divides by the largest recent gradient instead of a mean square.",
    ja: "二乗平均の代わりに、最近の勾配の最大値で割る Adam です。",
  },
  paper: {
    title: "Adam: A Method for Stochastic Optimization",
    authors: "Kingma & Ba",
    year: 2014,
    where: "Algorithm 2, §7.1",
    differs: "eps is added to |g| inside the maximum, as in PyTorch",
  },
  hyper: {
    lr: usual.lr(0.002),
    beta1: usual.beta1(0.9),
    beta2: usual.beta2(0.999),
    eps: usual.eps(1e-8),
  },
  slots: ["m", "u"],
  rule: `
    m = m + (1 - beta1) * (g - m)
    u = max(beta2 * u, abs(g) + eps)
    w = w - lr / (1 - beta1^t) * m / u
  `,
});
