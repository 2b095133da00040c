import { real } from "../../core/hyper.ts";
import { defineSchedule } from "../schedule.ts";

export const exponential = defineSchedule({
  name: "exponential",
  about: { en: "A little less with every update.", ja: "更新のたびに少しずつ下げます。" },
  tex: "\\eta_t = \\eta_0 \\, \\gamma^{t}",
  hyper: {
    gamma: real({
      default: 0.999,
      above: 0,
      max: 1,
      about: { en: "factor of each update", ja: "1回の更新ごとの倍率" },
    }),
  },
  open: ({ gamma }, { lr }) => ({ rate: (t) => lr * gamma ** t }),
});
