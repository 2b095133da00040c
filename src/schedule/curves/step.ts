import { integer, real } from "../../core/hyper.ts";
import { defineSchedule } from "../schedule.ts";

export const step = defineSchedule({
  name: "step",
  about: { en: "A cut by the same factor every so many updates.", ja: "一定の更新回数ごとに、同じ倍率で下げます。" },
  tex: "\\eta_t = \\eta_0 \\, \\gamma^{\\lfloor t / n \\rfloor}",
  hyper: {
    every: integer({
      default: 500,
      min: 1,
      max: 1_000_000,
      scale: "log",
      about: { en: "updates between two cuts", ja: "下げる間隔(更新回数)" },
    }),
    gamma: real({
      default: 0.5,
      above: 0,
      max: 1,
      about: { en: "factor of each cut", ja: "1回ごとの倍率" },
    }),
  },
  open: ({ every, gamma }, { lr }) => ({ rate: (t) => lr * gamma ** Math.floor(t / every) }),
});
