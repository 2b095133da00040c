import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const radam = defineOptimizer({
  name: "radam",
  label: "RAdam",
  about: {
    en: "Adam that takes plain momentum steps until it has seen enough gradients to trust their mean square.",
    ja: "二乗平均を信頼できるだけの勾配を見るまでは、ただの Momentum として進む Adam です。",
  },
  paper: {
    title: "On the Variance of the Adaptive Learning Rate and Beyond",
    authors: "Liu, Jiang, He, Chen, Liu, Gao & Han",
    year: 2020,
    where: "Algorithm 2",
    differs: "rectified from ρ > 5 on, as in PyTorch (the paper: 4); eps is added to the uncorrected root",
  },
  hyper: {
    lr: usual.lr(0.001),
    beta1: usual.beta1(0.9),
    beta2: usual.beta2(0.999),
    eps: usual.eps(1e-8),
  },
  slots: ["m", "v"],
  rule: `
    most = 2 / (1 - beta2) - 1
    rho = most - 2 * t * beta2^t / (1 - beta2^t)
    rect = sqrt((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho))
    m = m + (1 - beta1) * (g - m)
    v = beta2 * v + (1 - beta2) * g^2
    step = lr / (1 - beta1^t) * m
    w = w - where(rho - 5, rect * sqrt(1 - beta2^t) * step / (sqrt(v) + eps), step)
  `,
});
