import { cos } from "../../core/elementary.ts";
import { real } from "../../core/hyper.ts";
import { defineSchedule } from "../schedule.ts";
import { span, spanOf } from "../spans.ts";

export const cosine = defineSchedule({
  name: "cosine",
  about: {
    en: "Down along half a cosine, slow at both ends.",
    ja: "コサインの半周期に沿って、始めと終わりはゆるやかに下げます。",
  },
  tex: "\\eta_t = \\eta_{\\min} + \\tfrac12 (\\eta_0 - \\eta_{\\min}) (1 + \\cos \\pi t / T)",
  paper: "Loshchilov & Hutter 2017, eq. 5",
  hyper: {
    over: span({
      en: "updates until the lowest rate; 0: the whole run",
      ja: "最小値に達するまでの更新回数。0 なら実行全体",
    }),
    minLr: real({ default: 0, min: 0, about: { en: "lowest rate, at most lr", ja: "学習率の最小値(lr 以下)" } }),
  },
  open({ over, minLr }, { lr, steps }) {
    const length = spanOf(over, steps);
    const lowest = Math.min(lr, minLr);
    return { rate: (t) => lowest + 0.5 * (lr - lowest) * (1 + cos((Math.PI * Math.min(t, length)) / length)) };
  },
});
