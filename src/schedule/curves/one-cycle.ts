import { cos } from "../../core/elementary.ts";
import { fraction, real } from "../../core/hyper.ts";
import { defineSchedule } from "../schedule.ts";

/** Half a cosine from `from` (share 0) to `to` (share 1). */
function between(from: number, to: number, share: number): number {
  return to + ((from - to) / 2) * (1 + cos(Math.PI * share));
}

export const oneCycle = defineSchedule({
  name: "oneCycle",
  about: {
    en: "Up to lr along half a cosine, then down to almost nothing: one cycle over the whole run.",
    ja: "コサインに沿って lr まで上げ、ほぼ0まで下げます。実行全体で1周期です。",
  },
  tex: "\\tfrac{\\eta_0}{d} \\;\\nearrow\\; \\eta_0 \\;\\searrow\\; \\tfrac{\\eta_0}{d\\,e}",
  paper: "Smith & Topin 2018, §3",
  hyper: {
    share: fraction(0.3, { en: "share of the run that the rate rises", ja: "上げる期間の割合(実行全体に対して)" }),
    divisor: real({
      default: 25,
      min: 1,
      about: { en: "lr divided by this is the first rate", ja: "最初の学習率は lr をこの値で割ったもの" },
    }),
    finalDivisor: real({
      default: 10_000,
      min: 1,
      scale: "log",
      about: { en: "the first rate divided by this is the last", ja: "最後の学習率は最初の値をこの値で割ったもの" },
    }),
  },
  open({ share, divisor, finalDivisor }, { lr, steps }) {
    const first = lr / divisor;
    const top = share * steps - 1;
    const last = steps - 1;
    return {
      rate(t) {
        if (top > 0 && t <= top) {
          return between(first, lr, t / top);
        }
        const from = Math.max(0, top);
        return between(lr, first / finalDivisor, Math.min(1, (t - from) / Math.max(1, last - from)));
      },
    };
  },
});
