import { real } from "../../core/hyper.ts";
import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const prodigy = defineOptimizer({
  name: "prodigy",
  label: "Prodigy",
  about: {
    en: "Adam that finds its own rate: it estimates how far the start is from the minimum. Leave lr at 1.",
    ja: "学習率を自分で見つける Adam です。出発点から最小点までの距離を推定します。lr は1のままにします。",
  },
  paper: {
    title: "Prodigy: An Expeditiously Adaptive Parameter-Free Learner",
    authors: "Mishchenko & Defazio",
    year: 2023,
    where: "Algorithm 4",
    differs: "with decoupled weight decay, 0 by default",
  },
  hyper: {
    lr: usual.lr(1),
    beta1: usual.beta1(0.9),
    beta2: usual.beta2(0.999),
    eps: usual.eps(1e-8),
    weightDecay: usual.weightDecay(0),
    d0: real({
      default: 1e-6,
      above: 0,
      scale: "log",
      about: { en: "first estimate of the distance", ja: "距離の最初の推定値" },
    }),
  },
  slots: ["m", "v", "s", "start"],
  state: { d: 0, r: 0 },
  rule: `
    d = where(1.5 - t, d0, d)
    q = sqrt(beta2)
    start = where(1.5 - t, w, start)
    r = q * r + (1 - q) * lr * d^2 * sum(g * (start - w))
    s = q * s + (1 - q) * lr * d^2 * g
    m = beta1 * m + (1 - beta1) * d * g
    v = beta2 * v + (1 - beta2) * d^2 * g^2
    w = w - lr * d * m / (sqrt(v) + d * eps) - lr * d * weightDecay * w
    far = r / sum(abs(s))
    d = where(far - d, far, d)
  `,
});
