import { integer } from "../../core/hyper.ts";
import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const scheduleFreeAdamw = defineOptimizer({
  name: "scheduleFreeAdamw",
  label: "ScheduleFreeAdamW",
  about: {
    en: "AdamW that needs no schedule: it steps from one point and evaluates at the mean of all of them.",
    ja: "スケジュールの要らない AdamW です。進む点とは別に、これまでの点の平均を評価に使います。",
  },
  paper: {
    title: "The Road Less Scheduled",
    authors: "Defazio, Yang, Mehta, Mishchenko, Khaled & Cutkosky",
    year: 2024,
    where: "Algorithm 1",
  },
  hyper: {
    lr: usual.lr(0.0025),
    beta1: usual.beta1(0.9),
    beta2: usual.beta2(0.999),
    eps: usual.eps(1e-8),
    weightDecay: usual.weightDecay(0),
    warmup: integer({
      default: 0,
      min: 0,
      max: 1_000_000,
      about: { en: "updates until the full rate", ja: "本来の学習率に達するまでの更新回数" },
    }),
  },
  slots: ["v", "z", "x"],
  state: { squares: 0 },
  averaged: "x",
  rule: `
    lr_t = lr * sqrt(1 - beta2^t) * min(1, t / max(warmup, 1))
    squares = squares + lr_t^2
    c = where(squares, lr_t^2 / squares, 0)
    z = where(1.5 - t, w, z)
    x = where(1.5 - t, w, x)
    v = beta2 * v + (1 - beta2) * g^2
    z = z - lr_t * g / (sqrt(v) + eps) - lr_t * weightDecay * w
    x = (1 - c) * x + c * z
    w = (1 - beta1) * z + beta1 * x
  `,
});
