import { integer, real } from "../../core/hyper.ts";
import { defineSchedule } from "../schedule.ts";

export const plateau = defineSchedule({
  name: "plateau",
  about: {
    en: "A cut whenever the loss has stopped falling. The loss is the mean over some updates, for one minibatch says little.",
    ja: "損失が下がらなくなったら下げます。1つのミニバッチでは判断できないため、何回かの平均を見ます。",
  },
  tex: "\\eta \\leftarrow \\max(\\gamma \\, \\eta, \\; \\eta_{\\min}) \\quad \\text{after } n \\text{ means no better than } (1 - \\epsilon) \\cdot \\text{best}",
  hyper: {
    every: integer({
      default: 50,
      min: 1,
      max: 1_000_000,
      scale: "log",
      about: { en: "updates whose mean loss is one look", ja: "1回の判断に使う更新回数(損失を平均する)" },
    }),
    patience: integer({
      default: 5,
      min: 0,
      max: 10_000,
      about: { en: "looks without improvement that are borne", ja: "改善がなくても待つ回数" },
    }),
    factor: real({ default: 0.5, above: 0, below: 1, about: { en: "factor of each cut", ja: "1回ごとの倍率" } }),
    threshold: real({
      default: 1e-3,
      min: 0,
      below: 1,
      about: {
        en: "an improvement is at least this share of the best",
        ja: "最良値のこの割合以上下がれば改善とみなす",
      },
    }),
    cooldown: integer({
      default: 0,
      min: 0,
      max: 10_000,
      about: { en: "looks after a cut that do not count", ja: "下げたあと数えない回数" },
    }),
    minLr: real({ default: 0, min: 0, about: { en: "lowest rate", ja: "学習率の最小値" } }),
  },
  open({ every, patience, factor, threshold, cooldown, minLr }, { lr }) {
    let rate = lr;
    let best = Number.MAX_VALUE;
    let bad = 0;
    let resting = 0;
    let sum = 0;
    let count = 0;
    const look = (loss: number) => {
      if (loss < best * (1 - threshold)) {
        best = loss;
        bad = 0;
      } else {
        bad++;
      }
      if (resting > 0) {
        resting--;
        bad = 0;
      }
      if (bad > patience) {
        rate = Math.max(rate * factor, Math.min(rate, minLr));
        resting = cooldown;
        bad = 0;
      }
    };
    return {
      rate: () => rate,
      saved: () => [rate, best, bad, resting, sum, count],
      restore(state) {
        [rate, best, bad, resting, sum, count] = state;
      },
      observe(loss) {
        sum += loss;
        count++;
        if (count === every) {
          look(sum / every);
          sum = 0;
          count = 0;
        }
      },
    };
  },
});
