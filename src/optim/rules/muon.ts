import { real } from "../../core/hyper.ts";
import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const muon = defineOptimizer({
  name: "muon",
  label: "Muon",
  about: {
    en: "Momentum whose step on a weight matrix is made orthogonal, so that no direction is passed over; biases go by Adam.",
    ja: "重み行列の更新を直交行列にする Momentum です。どの方向も同じだけ進みます。バイアスは Adam で更新します。",
  },
  paper: {
    title: "Muon: An optimizer for hidden layers in neural networks",
    authors: "Jordan, Jin, Boza, You, Cesista, Newhouse & Bernstein",
    year: 2024,
    where: "kellerjordan.github.io/posts/muon",
    differs:
      "in the dtype at hand instead of bfloat16; every weight matrix is taken, the first and the last too (give those groups to keep them out); vectors use this momentum as Adam's beta1",
  },
  hyper: {
    lr: usual.lr(0.02),
    momentum: usual.momentum(0.95),
    weightDecay: usual.weightDecay(0),
    beta2: usual.beta2(0.95),
    eps: usual.eps(1e-10),
    vectorFactor: real({
      default: 0.015,
      min: 0,
      scale: "log",
      about: {
        en: "lr of biases and other vectors, as a multiple of lr",
        ja: "バイアスなどベクトルの lr(lr に対する倍率)",
      },
    }),
  },
  slots: ["m", "v"],
  rule: `
    m = m + (1 - momentum) * (g - m)
    v = beta2 * v + (1 - beta2) * g^2
    o = orthogonal(g + momentum * (m - g))
    a = m / (1 - momentum^t) / (sqrt(v / (1 - beta2^t)) + eps)
    matrix = min(rows, cols) - 1
    u = where(matrix, sqrt(max(1, cols / rows)) * o, vectorFactor * a)
    w = (1 - lr * weightDecay) * w - lr * u
  `,
});
