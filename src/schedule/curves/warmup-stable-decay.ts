import { fraction, real } from "../../core/hyper.ts";
import { defineSchedule } from "../schedule.ts";

export const warmupStableDecay = defineSchedule({
  name: "warmupStableDecay",
  about: {
    en: "Up in a straight line, long constant, and down in a straight line at the end of the run.",
    ja: "直線的に上げ、長く一定に保ち、実行の終わりに直線的に下げます。",
  },
  tex: "\\eta_t = \\eta_0 \\min\\left( \\tfrac{t + 1}{n}, \\; 1, \\; \\tfrac{T - t}{m} \\right), \\quad \\eta_t \\ge \\eta_{\\min}",
  paper: "Hu et al. 2024 (MiniCPM), §4.2; falling in a straight line, Hägele et al. 2024",
  hyper: {
    share: fraction(0.05, { en: "share of the run that the rate rises", ja: "上げる期間の割合(実行全体に対して)" }),
    decayShare: fraction(0.2, { en: "share of the run that the rate falls", ja: "下げる期間の割合(実行全体に対して)" }),
    minLr: real({ default: 0, min: 0, about: { en: "lowest rate", ja: "学習率の最小値" } }),
  },
  open({ share, decayShare, minLr }, { lr, steps }) {
    const rising = Math.max(1, Math.floor(share * steps));
    const falling = Math.max(1, Math.floor(decayShare * steps));
    return {
      rate: (t) => Math.max(Math.min(lr, minLr), lr * Math.min((t + 1) / rising, 1, (steps - t) / falling)),
    };
  },
});
