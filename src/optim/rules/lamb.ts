import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const lamb = defineOptimizer({
  name: "lamb",
  label: "LAMB",
  about: {
    en: "Adam whose step is scaled, tensor by tensor, to the size of the weights; made for very large batches.",
    ja: "Adam の歩幅をテンソルごとに重みの大きさへ合わせます。とても大きなバッチのための更新則です。",
  },
  paper: {
    title: "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes",
    authors: "You, Li, Reddi, Hseu, Kumar, Bhojanapalli, Song, Demmel, Keutzer & Hsieh",
    year: 2020,
    where: "Algorithm 2, φ the identity",
    differs: "where a tensor or its step is 0 the step is not scaled",
  },
  hyper: {
    lr: usual.lr(0.001),
    beta1: usual.beta1(0.9),
    beta2: usual.beta2(0.999),
    eps: usual.eps(1e-6),
    weightDecay: usual.weightDecay(0.01),
  },
  slots: ["m", "v"],
  rule: `
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g^2
    r = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps) + weightDecay * w
    a = norm(w)
    b = norm(r)
    w = w - lr * where(a * b, a / b, 1) * r
  `,
});
