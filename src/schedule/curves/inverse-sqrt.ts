import { integer } from "../../core/hyper.ts";
import { defineSchedule } from "../schedule.ts";

export const inverseSqrt = defineSchedule({
  name: "inverseSqrt",
  about: {
    en: "Up in a straight line, then down with the root of the updates: the Transformer's.",
    ja: "直線的に上げたあと、更新回数の平方根に反比例して下げます。Transformer で使われたものです。",
  },
  tex: "\\eta_t = \\eta_0 \\min\\left( \\tfrac{t + 1}{n}, \\sqrt{\\tfrac{n}{t + 1}} \\right)",
  paper: "Vaswani et al. 2017, eq. 3, with the top at lr",
  hyper: {
    updates: integer({
      default: 100,
      min: 1,
      max: 1_000_000,
      scale: "log",
      about: { en: "updates until the full rate", ja: "本来の学習率に達するまでの更新回数" },
    }),
  },
  open: ({ updates }, { lr }) => ({
    rate: (t) => lr * Math.min((t + 1) / updates, Math.sqrt(updates / (t + 1))),
  }),
});
