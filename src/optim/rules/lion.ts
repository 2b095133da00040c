import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const lion = defineOptimizer({
  name: "lion",
  label: "Lion",
  about: {
    en: "Steps by the sign of a momentum, found by a program that searched for optimizers: every weight moves by lr.",
    ja: "モメンタムの符号だけで進みます。更新則を探索するプログラムが見つけたもので、どの重みも lr だけ動きます。",
  },
  paper: {
    title: "Symbolic Discovery of Optimization Algorithms",
    authors: "Chen, Liang, Huang, Real, Wang, Liu, Pham, Dong, Luong, Hsieh, Lu & Le",
    year: 2023,
    where: "Program 1",
  },
  hyper: {
    lr: usual.lr(1e-4),
    beta1: usual.beta1(0.9),
    beta2: usual.beta2(0.99),
    weightDecay: usual.weightDecay(0),
  },
  slots: ["m"],
  rule: `
    u = sign(beta1 * m + (1 - beta1) * g)
    w = w - lr * (u + weightDecay * w)
    m = beta2 * m + (1 - beta2) * g
  `,
});
