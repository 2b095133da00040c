import { real } from "../../core/hyper.ts";
import { defineOptimizer } from "../optimizer.ts";
import { usual } from "../usual.ts";

export const rprop = defineOptimizer({
  name: "rprop",
  label: "Rprop",
  about: {
    en: "Looks at the gradient's sign alone: a step grows while the sign stays and shrinks when it turns. For whole batches.",
    ja: "勾配の符号だけを見ます。符号が同じ間は歩幅を伸ばし、変わったら縮めます。バッチ全体の勾配に向いています。",
  },
  paper: {
    title: "A Direct Adaptive Method for Faster Backpropagation Learning: The RPROP Algorithm",
    authors: "Riedmiller & Braun",
    year: 1993,
    where: "§II.C",
    differs:
      "after a turn the step is left out and the old weight is not put back (iRprop−, as in PyTorch); lr is the first step's size",
  },
  hyper: {
    lr: usual.lr(0.01),
    shrink: real({
      default: 0.5,
      above: 0,
      below: 1,
      about: { en: "factor after a turn", ja: "符号が変わったときの倍率" },
    }),
    grow: real({ default: 1.2, min: 1, about: { en: "factor while the sign stays", ja: "符号が同じときの倍率" } }),
    smallest: real({ default: 1e-6, min: 0, scale: "log", about: { en: "smallest step", ja: "歩幅の最小値" } }),
    largest: real({ default: 50, above: 0, scale: "log", about: { en: "largest step", ja: "歩幅の最大値" } }),
  },
  slots: ["last", "s"],
  rule: `
    turn = g * last
    s = where(1.5 - t, lr, s)
    s = min(max(s * where(turn, grow, where(-turn, shrink, 1)), smallest), largest)
    last = where(-turn, 0, sign(g))
    w = w - s * last
  `,
});
