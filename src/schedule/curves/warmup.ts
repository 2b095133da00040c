import { fraction, integer } from "../../core/hyper.ts";
import { defineSchedule } from "../schedule.ts";

export const warmup = defineSchedule({
  name: "warmup",
  about: {
    en: "Up in a straight line from a small rate, then constant.",
    ja: "小さい値から直線的に上げ、その後は一定にします。",
  },
  tex: "\\eta_t = \\eta_0 \\left( s + (1 - s) \\min(t / n, 1) \\right)",
  hyper: {
    updates: integer({
      default: 100,
      min: 1,
      max: 1_000_000,
      scale: "log",
      about: { en: "updates until the full rate", ja: "本来の学習率に達するまでの更新回数" },
    }),
    start: fraction(0.1, { en: "share of the rate to start from", ja: "開始時の割合" }),
  },
  open: ({ updates, start }, { lr }) => ({
    rate: (t) => lr * (start + ((1 - start) * Math.min(t, updates)) / updates),
  }),
});
