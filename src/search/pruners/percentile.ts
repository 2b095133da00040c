import { real, resolve } from "../../core/hyper.ts";
import { judgeByPercentile } from "../percentile-judge.ts";
import { definePruner } from "../pruner.ts";
import { minTrials, startupTrials, times } from "../pruning-settings.ts";

const hyper = {
  percentile: real({
    default: 25,
    min: 0,
    max: 100,
    about: { en: "share of the trials that go on, in percent", ja: "先へ進む試行の割合(%)" },
  }),
  startupTrials,
  ...times,
  minTrials,
};

export const percentile = definePruner({
  name: "percentile",
  label: "Percentile",
  about: {
    en: "Stops a trial whose best value is outside the best so many percent of the others at the same step.",
    ja: "最良値が、同じステップでのほかの試行の上位何%かに入らない試行を打ち切ります。",
  },
  hyper,
  open: (values = {}) => {
    const settings = resolve(hyper, values);
    return { name: "percentile", judge: (view) => judgeByPercentile(view, settings) };
  },
});
