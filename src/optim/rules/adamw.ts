import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const adamw = defineOptimizer({
  name: "adamw",
  label: "AdamW",
  about: {
    en: "Adam that shrinks the weights directly, not through the gradient, so that the decay is not divided away.",
    ja: "重みを勾配を通さず直接縮める Adam です。減衰が勾配の大きさで割られません。",
  },
  paper: {
    title: "Decoupled Weight Decay Regularization",
    authors: "Loshchilov & Hutter",
    year: 2019,
    where: "Algorithm 2",
    differs: "the decay is multiplied by lr, as in PyTorch; eps is added to the corrected root",
  },
  hyper: {
    lr: usual.lr(0.001),
    beta1: usual.beta1(0.9),
    beta2: usual.beta2(0.999),
    eps: usual.eps(1e-8),
    weightDecay: usual.weightDecay(0.01),
  },
  slots: ["m", "v"],
  rule: `
    m = m + (1 - beta1) * (g - m)
    v = beta2 * v + (1 - beta2) * g^2
    w = (1 - lr * weightDecay) * w - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
  `,
});
