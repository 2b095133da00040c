import { cos } from "../../core/elementary.ts";
import { integer, real } from "../../core/hyper.ts";
import { defineSchedule } from "../schedule.ts";

export const cosineRestarts = defineSchedule({
  name: "cosineRestarts",
  about: {
    en: "Half a cosine again and again, each time from the top and longer.",
    ja: "コサインの半周期を繰り返します。毎回最初の値に戻り、周期は長くなります。",
  },
  tex: "\\eta_t = \\eta_{\\min} + \\tfrac12 (\\eta_0 - \\eta_{\\min}) (1 + \\cos \\pi t_i / T_i), \\quad T_{i+1} = k \\, T_i",
  paper: "Loshchilov & Hutter 2017, eq. 5",
  hyper: {
    first: integer({
      default: 200,
      min: 1,
      max: 1_000_000,
      scale: "log",
      about: { en: "updates of the first period", ja: "最初の周期の更新回数" },
    }),
    factor: integer({
      default: 2,
      min: 1,
      max: 10,
      about: { en: "each period is so many times as long as the one before", ja: "周期を前回の何倍にするか" },
    }),
    minLr: real({ default: 0, min: 0, about: { en: "lowest rate, at most lr", ja: "学習率の最小値(lr 以下)" } }),
  },
  open: ({ first, factor, minLr }, { lr }) => ({
    rate(t) {
      let length = first;
      let since = t;
      while (since >= length) {
        since -= length;
        length *= factor;
      }
      const lowest = Math.min(lr, minLr);
      return lowest + 0.5 * (lr - lowest) * (1 + cos((Math.PI * since) / length));
    },
  }),
});
