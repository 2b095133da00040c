import { HyperError } from "../../core/errors.ts";
import { integer, resolve } from "../../core/hyper.ts";
import { definePruner } from "../pruner.ts";
import { bootstrapCount, reductionFactor } from "../pruning-settings.ts";
import { judgeByRungs } from "../rungs.ts";

const hyper = {
  minResource: integer({
    default: 0,
    min: 0,
    max: 1e9,
    about: {
      en: "steps to the first rung; 0: a hundredth of the longest complete trial",
      ja: "最初の段までのステップ数。0なら、完了した最長の試行の1/100",
    },
  }),
  reductionFactor: reductionFactor(4),
  minEarlyStoppingRate: integer({
    default: 0,
    min: 0,
    max: 100,
    about: { en: "rungs left out at the start", ja: "最初に飛ばす段の数" },
  }),
  bootstrapCount,
};

export const successiveHalving = definePruner({
  name: "successive-halving",
  label: "Successive halving",
  about: {
    en: "Lets one of a few trials go on at each rung, and sets the next rung as many times further.",
    ja: "段ごとに何本かに1本だけを先へ進め、次の段をその倍率だけ遠くに置きます(ASHA)。",
  },
  hyper,
  open: (values = {}) => {
    const settings = resolve(hyper, values);
    if (settings.bootstrapCount > 0 && settings.minResource === 0) {
      throw new HyperError({
        en: "successive-halving: bootstrapCount needs a minResource of its own, got 0. Say how many steps lie before the first rung.",
        ja: "successive-halving: bootstrapCount を使うには minResource の指定が必要です(現在は 0)。最初の段までのステップ数を指定してください。",
      });
    }
    const rungs = { ...settings, minResource: settings.minResource === 0 ? undefined : settings.minResource };
    return { name: "successive-halving", judge: (view) => judgeByRungs(view, rungs) };
  },
});
