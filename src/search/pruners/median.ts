import { resolve } from "../../core/hyper.ts";
import { judgeByPercentile } from "../percentile-judge.ts";
import { definePruner } from "../pruner.ts";
import { minTrials, startupTrials, times } from "../pruning-settings.ts";

const hyper = { startupTrials, ...times, minTrials };

export const median = definePruner({
  name: "median",
  label: "Median",
  about: {
    en: "Stops a trial whose best value is worse than the median of the others at the same step.",
    ja: "最良値が、同じステップでのほかの試行の中央値より悪い試行を打ち切ります。",
  },
  hyper,
  open: (values = {}) => {
    const settings = { ...resolve(hyper, values), percentile: 50 };
    return { name: "median", judge: (view) => judgeByPercentile(view, settings) };
  },
});
