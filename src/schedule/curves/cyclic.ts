import { choice, integer, real } from "../../core/hyper.ts";
import { defineSchedule } from "../schedule.ts";

export const cyclic = defineSchedule({
  name: "cyclic",
  about: {
    en: "Up and down between two rates in straight lines, again and again.",
    ja: "2つの学習率の間を直線的に往復し続けます。",
  },
  tex: "\\eta_t = \\eta_{\\min} + (\\eta_0 - \\eta_{\\min}) \\, h_c \\, \\max(0, 1 - |t / u - 2c + 1|), \\quad c = \\lfloor 1 + t / 2u \\rfloor",
  paper: "Smith 2017, §3.1",
  hyper: {
    up: integer({
      default: 200,
      min: 1,
      max: 1_000_000,
      scale: "log",
      about: { en: "updates of half a cycle", ja: "半周期の更新回数" },
    }),
    divisor: real({
      default: 10,
      min: 1,
      about: { en: "lr divided by this is the lowest rate", ja: "最小の学習率は lr をこの値で割ったもの" },
    }),
    mode: choice({
      options: ["triangular", "triangular2", "exponential"],
      default: "triangular",
      about: {
        en: "height h of cycle c: 1, 1/2 of the cycle before, or gamma to the power of t",
        ja: "周期 c の高さ h。triangular は一定、triangular2 は毎回半分、exponential は gamma の t 乗",
      },
    }),
    gamma: real({ default: 0.999, above: 0, max: 1, about: { en: "of mode exponential", ja: "exponential の倍率" } }),
  },
  open({ up, divisor, mode, gamma }, { lr }) {
    const lowest = lr / divisor;
    return {
      rate(t) {
        const cycle = Math.floor(1 + t / (2 * up));
        const share = Math.max(0, 1 - Math.abs(t / up - 2 * cycle + 1));
        const height = mode === "triangular" ? 1 : mode === "triangular2" ? 1 / 2 ** (cycle - 1) : gamma ** t;
        return lowest + (lr - lowest) * share * height;
      },
    };
  },
});
