import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const adadelta = defineOptimizer({
  name: "adadelta",
  label: "Adadelta",
  about: {
    en: "AdaGrad that forgets and needs no rate: steps are as large as recent steps were.",
    ja: "忘却を加えた AdaGrad です。歩幅を最近の歩幅に合わせるため、学習率の調整が要りません。",
  },
  paper: {
    title: "ADADELTA: An Adaptive Learning Rate Method",
    authors: "Zeiler",
    year: 2012,
    where: "Algorithm 1",
    differs: "the step is multiplied by lr, 1 by default",
  },
  hyper: {
    lr: usual.lr(1),
    decay: usual.decay(0.9),
    eps: usual.eps(1e-6),
  },
  slots: ["h", "s"],
  rule: `
    h = decay * h + (1 - decay) * g^2
    d = sqrt(s + eps) / sqrt(h + eps) * g
    s = decay * s + (1 - decay) * d^2
    w = w - lr * d
  `,
});
