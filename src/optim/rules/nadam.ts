import { real } from "../../core/hyper.ts";
import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const nadam = defineOptimizer({
  name: "nadam",
  label: "NAdam",
  about: {
    en: "Adam with Nesterov's look ahead: the mean gradient is taken where it is about to be.",
    ja: "Adam に Nesterov の先読みを加えたものです。次の時点での勾配平均を使います。",
  },
  paper: {
    title: "Incorporating Nesterov Momentum into Adam",
    authors: "Dozat",
    year: 2016,
    where: "Algorithm 8 and its schedule of μ",
    differs:
      "μ_t stands twice in the second divisor, as in PyTorch 1.13 (nadamDozat has it once, as the paper and later versions do)",
  },
  hyper: {
    lr: usual.lr(0.002),
    beta1: usual.beta1(0.9),
    beta2: usual.beta2(0.999),
    eps: usual.eps(1e-8),
    momentumDecay: real({
      default: 0.004,
      min: 0,
      about: { en: "how fast the momentum approaches beta1", ja: "モメンタムが beta1 に近づく速さ" },
    }),
  },
  slots: ["m", "v"],
  state: { product: 0 },
  rule: `
    mu = beta1 * (1 - 0.5 * 0.96^(t * momentumDecay))
    next = beta1 * (1 - 0.5 * 0.96^((t + 1) * momentumDecay))
    product = where(1.5 - t, 1, product) * mu
    m = m + (1 - beta1) * (g - m)
    v = beta2 * v + (1 - beta2) * g^2
    root = sqrt(v / (1 - beta2^t)) + eps
    w = w - lr * (1 - mu) / (1 - product) * g / root - lr * next / (1 - product * mu * next) * m / root
  `,
});
