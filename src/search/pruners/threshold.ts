import { HyperError } from "../../core/errors.ts";
import { real, resolve } from "../../core/hyper.ts";
import { isTimeToPrune } from "../intermediate.ts";
import { definePruner } from "../pruner.ts";
import { times } from "../pruning-settings.ts";

const most = Number.MAX_VALUE;
const hyper = {
  lower: real({
    default: -most,
    min: -most,
    max: most,
    about: { en: "a value below this ends the trial", ja: "これを下回ったら打ち切る" },
  }),
  upper: real({
    default: most,
    min: -most,
    max: most,
    about: { en: "a value above this ends the trial", ja: "これを上回ったら打ち切る" },
  }),
  ...times,
};

export const threshold = definePruner({
  name: "threshold",
  label: "Threshold",
  about: {
    en: "Stops a trial whose last value is out of bounds, or no number.",
    ja: "直近の値が決めた範囲を外れた試行や、数値でなくなった試行を打ち切ります。",
  },
  hyper,
  open: (values = {}) => {
    const { lower, upper, ...rest } = resolve(hyper, values);
    if (lower > upper) {
      throw new HyperError({
        en: `threshold: lower must be ≤ upper, got ${lower} and ${upper}. Swap them.`,
        ja: `threshold: lower は upper 以下にしてください(現在は ${lower} と ${upper})。入れ替えてください。`,
      });
    }
    return {
      name: "threshold",
      judge: ({ trial }) => {
        const last = trial.intermediate.at(-1);
        if (last === undefined || !isTimeToPrune(trial.intermediate, rest)) {
          return { prune: false };
        }
        return { prune: last.value === null || last.value < lower || last.value > upper };
      },
    };
  },
});
