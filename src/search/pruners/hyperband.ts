import { crc32 } from "../../core/crc32.ts";
import { HyperError } from "../../core/errors.ts";
import { integer, resolve, type ValuesOf } from "../../core/hyper.ts";
import type { TrialRecord } from "../../core/trial.ts";
import { definePruner, type Pruner, type Verdict } from "../pruner.ts";
import { bootstrapCount, reductionFactor } from "../pruning-settings.ts";
import { agreedOn, judgeByRungs, longestTrial } from "../rungs.ts";

const hyper = {
  minResource: integer({
    default: 1,
    min: 1,
    max: 1e9,
    about: { en: "steps to the first rung of the first bracket", ja: "最初の組の最初の段までのステップ数" },
  }),
  maxResource: integer({
    default: 0,
    min: 0,
    max: 1e9,
    about: {
      en: "steps of a whole trial; 0: those of the longest complete one",
      ja: "1試行の全ステップ数。0なら、完了した最長の試行に合わせる",
    },
  }),
  reductionFactor: reductionFactor(3),
  bootstrapCount,
};

const agreedKey = "pruner:maxResource";

/** How many trials of a hundred or so each bracket gets, the one that prunes earliest first. */
function budgets(minResource: number, maxResource: number, eta: number): number[] {
  const brackets = Math.floor(Math.log(maxResource / minResource) / Math.log(eta)) + 1;
  return Array.from({ length: brackets }, (_, bracket) => {
    const s = brackets - 1 - bracket;
    return Math.ceil((brackets * eta ** s) / (s + 1));
  });
}

function bracketOf(study: string, number: number, allotted: readonly number[]): number {
  const total = allotted.reduce((sum, budget) => sum + budget, 0);
  let place = crc32(new TextEncoder().encode(`${study}_${number}`)) % total;
  return allotted.findIndex((budget) => {
    place -= budget;
    return place < 0;
  });
}

function openHyperband(values: Partial<ValuesOf<typeof hyper>>): Pruner {
  const settings = resolve(hyper, values);
  const { minResource, reductionFactor: eta } = settings;
  if (settings.maxResource > 0 && settings.maxResource < minResource) {
    throw new HyperError({
      en: `hyperband: maxResource must be ≥ minResource, got ${settings.maxResource} < ${minResource}. Raise it, or 0 to find it.`,
      ja: `hyperband: maxResource は minResource 以上にしてください(現在は ${settings.maxResource} < ${minResource})。大きくするか、0 にすると自動で決まります。`,
    });
  }
  const steps = (trials: readonly TrialRecord[]): { maxResource: number; found: boolean } | undefined => {
    const agreed = settings.maxResource > 0 ? settings.maxResource : agreedOn(trials, agreedKey);
    if (agreed !== undefined) {
      return { maxResource: agreed, found: false };
    }
    const longest = longestTrial(trials);
    return longest === undefined ? undefined : { maxResource: Math.max(longest + 1, minResource), found: true };
  };
  return {
    name: "hyperband",
    judge: (view): Verdict => {
      const { study, trial, others } = view;
      const known = steps([trial, ...others]);
      if (known === undefined) {
        return { prune: false };
      }
      const allotted = budgets(minResource, known.maxResource, eta);
      const bracket = bracketOf(study, trial.number, allotted);
      const verdict = judgeByRungs(
        { ...view, others: others.filter(({ number }) => bracketOf(study, number, allotted) === bracket) },
        { minResource, reductionFactor: eta, minEarlyStoppingRate: bracket, bootstrapCount: settings.bootstrapCount },
      );
      return {
        prune: verdict.prune,
        attributes: { ...verdict.attributes, ...(known.found ? { [agreedKey]: known.maxResource } : {}) },
      };
    },
    peers: (study, number, trials) => {
      const known = steps(trials);
      if (known === undefined) {
        return trials;
      }
      const allotted = budgets(minResource, known.maxResource, eta);
      const bracket = bracketOf(study, number, allotted);
      return trials.filter((trial) => bracketOf(study, trial.number, allotted) === bracket);
    },
  };
}

export const hyperband = definePruner({
  name: "hyperband",
  label: "Hyperband",
  about: {
    en: "Runs several successive halvings side by side, some that prune early and some that wait.",
    ja: "早めに絞る組からじっくり待つ組まで、複数の successive halving を並べて走らせます。",
  },
  hyper,
  open: (values = {}) => openHyperband(values),
});
