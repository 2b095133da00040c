import { integer, real } from "../../core/hyper.ts";
import { defineSchedule } from "../schedule.ts";

export const linear = defineSchedule({
  name: "linear",
  about: {
    en: "In a straight line from one share of the rate to another, then constant.",
    ja: "学習率をある割合から別の割合まで直線的に変え、その後は一定にします。",
  },
  tex: "\\eta_t = \\eta_0 \\left( s + (e - s) \\min(t / n, 1) \\right)",
  hyper: {
    updates: integer({
      default: 500,
      min: 1,
      max: 1_000_000,
      scale: "log",
      about: { en: "updates until the last share", ja: "最後の割合に達するまでの更新回数" },
    }),
    start: real({ default: 1, min: 0, max: 1, about: { en: "share of the rate to start from", ja: "開始時の割合" } }),
    end: real({ default: 0.1, min: 0, max: 1, about: { en: "share of the rate to end at", ja: "終了時の割合" } }),
  },
  open: ({ updates, start, end }, { lr }) => ({
    rate: (t) => lr * (start + ((end - start) * Math.min(t, updates)) / updates),
  }),
});
