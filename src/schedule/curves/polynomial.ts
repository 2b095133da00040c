import { real } from "../../core/hyper.ts";
import { defineSchedule } from "../schedule.ts";
import { span, spanOf } from "../spans.ts";

export const polynomial = defineSchedule({
  name: "polynomial",
  about: {
    en: "Down to 0 along a power of what is left of the run.",
    ja: "残り期間の割合のべき乗に沿って0まで下げます。",
  },
  tex: "\\eta_t = \\eta_0 \\, (1 - t / T)^{p}",
  hyper: {
    over: span({ en: "updates until 0; 0: the whole run", ja: "0に達するまでの更新回数。0 なら実行全体" }),
    power: real({
      default: 1,
      above: 0,
      max: 10,
      about: { en: "power; 1 is a straight line", ja: "べき。1 なら直線" },
    }),
  },
  open({ over, power }, { lr, steps }) {
    const length = spanOf(over, steps);
    return { rate: (t) => lr * (1 - Math.min(t, length) / length) ** power };
  },
});
