import { real } from "../../core/hyper.ts";
import { defineSchedule } from "../schedule.ts";
import { milestonesOf } from "../spans.ts";

export const multiStep = defineSchedule({
  name: "multiStep",
  about: {
    en: "A cut by the same factor at each of some updates.",
    ja: "指定した更新回数に達するたびに、同じ倍率で下げます。",
  },
  tex: "\\eta_t = \\eta_0 \\, \\gamma^{\\#\\{m \\,:\\, m \\le t\\}}",
  hyper: {
    milestones: milestonesOf({
      default: [1000, 1500],
      about: { en: "updates at which the rate is cut", ja: "学習率を下げる更新回数" },
    }),
    gamma: real({
      default: 0.1,
      above: 0,
      max: 1,
      about: { en: "factor of each cut", ja: "1回ごとの倍率" },
    }),
  },
  open: ({ milestones, gamma }, { lr }) => ({
    rate: (t) => lr * gamma ** milestones.filter((at) => at <= t).length,
  }),
});
