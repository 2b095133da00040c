import { fraction, integer } from "../../core/hyper.ts";
import { defineSchedule } from "../schedule.ts";

export const constantFactor = defineSchedule({
  name: "constantFactor",
  about: {
    en: "A share of the rate for some updates, then all of it at once.",
    ja: "しばらくは学習率の一部だけを使い、その後すぐに本来の値にします。",
  },
  tex: "\\eta_t = \\begin{cases} s \\, \\eta_0 & t < n \\\\ \\eta_0 & t \\ge n \\end{cases}",
  hyper: {
    updates: integer({
      default: 100,
      min: 1,
      max: 1_000_000,
      scale: "log",
      about: { en: "updates with the smaller rate", ja: "小さい学習率を使う更新回数" },
    }),
    factor: fraction(1 / 3, { en: "share of the rate", ja: "学習率に対する割合" }),
  },
  open: ({ updates, factor }, { lr }) => ({ rate: (t) => (t < updates ? factor * lr : lr) }),
});
