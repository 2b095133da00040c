import { cos } from "../../core/elementary.ts";
import { fraction, real } from "../../core/hyper.ts";
import { defineSchedule } from "../schedule.ts";

export const warmupCosine = defineSchedule({
  name: "warmupCosine",
  about: {
    en: "Up in a straight line, then down along half a cosine to the end of the run.",
    ja: "直線的に上げたあと、実行の終わりまでコサインに沿って下げます。",
  },
  tex: "\\eta_t = \\begin{cases} \\eta_0 \\, (t + 1) / n & t < n \\\\ \\eta_{\\min} + \\tfrac12 (\\eta_0 - \\eta_{\\min}) (1 + \\cos \\pi \\tfrac{t - n}{T - n}) & t \\ge n \\end{cases}",
  paper: "Goyal et al. 2017, §2.2; Loshchilov & Hutter 2017, eq. 5",
  hyper: {
    share: fraction(0.1, { en: "share of the run that the rate rises", ja: "上げる期間の割合(実行全体に対して)" }),
    minLr: real({ default: 0, min: 0, about: { en: "lowest rate, at most lr", ja: "学習率の最小値(lr 以下)" } }),
  },
  open({ share, minLr }, { lr, steps }) {
    const rising = Math.floor(share * steps);
    const falling = Math.max(1, steps - rising);
    const lowest = Math.min(lr, minLr);
    return {
      rate: (t) =>
        t < rising
          ? (lr * (t + 1)) / rising
          : lowest + 0.5 * (lr - lowest) * (1 + cos((Math.PI * Math.min(t - rising, falling)) / falling)),
    };
  },
});
