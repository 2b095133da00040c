import { choice, integer, real, resolve, type ValuesOf } from "../../core/hyper.ts";
import type { Distribution, ParameterValue, SearchSpace } from "../../core/trial.ts";
import { drawUniform } from "../draw.ts";
import { JointSpace } from "../joint-space.ts";
import { defineSampler, type Sampler, type SamplerView, type TrialSampler } from "../sampler.ts";
import { contains, sameDistribution } from "../space.ts";
import { Observations } from "../tpe/observations.ts";
import { type ProposeSettings, propose } from "../tpe/propose.ts";

const hyper = {
  variant: choice({
    options: ["univariate", "multivariate"],
    default: "univariate",
    about: {
      en: "whether parameters are drawn each by itself or, those that every trial has, together",
      ja: "パラメータを1つずつ引くか、全試行に共通するものをまとめて引くか",
    },
  }),
  startupTrials: integer({
    default: 10,
    min: 1,
    max: 1e6,
    about: { en: "trials drawn at random before it learns", ja: "学習を始めるまでにランダムに引く試行の数" },
  }),
  candidates: integer({
    default: 24,
    min: 1,
    max: 1e5,
    about: { en: "candidates compared for each draw", ja: "1回に比べる候補の数" },
  }),
  priorWeight: real({
    default: 1,
    above: 0,
    max: 1e6,
    about: {
      en: "weight of the prior against one observed trial's",
      ja: "観測した1試行に対する事前分布の重み",
    },
  }),
};

/** Draws where good trials lie denser than the others; see `tpe/propose.ts`. */
export const tpe = defineSampler({
  name: "tpe",
  label: "TPE",
  about: {
    en: "Estimates where the good trials lie and where the others, and draws where the first are denser.",
    ja: "よい試行とそれ以外の分布をそれぞれ推定し、前者が濃いところから引きます。",
  },
  hyper,
  open: (_setting, values = {}) => openTpe(resolve(hyper, values)),
});

function openTpe(values: ValuesOf<typeof hyper>): Sampler {
  const settings: ProposeSettings = { ...values, multivariate: values.variant === "multivariate" };
  const joint = new JointSpace();
  const observations = { minimize: new Observations("minimize"), maximize: new Observations("maximize") };
  return {
    name: "tpe",
    learns: true,
    begin: (view) => {
      observations[view.direction] = observations[view.direction].of(view.trials);
      const space = settings.multivariate ? joint.of(view.trials) : undefined;
      return beginTpe(view, observations[view.direction], settings, values.startupTrials, space ?? {});
    },
  };
}

function beginTpe(
  { random, startup }: SamplerView,
  observations: Observations,
  settings: ProposeSettings,
  startupTrials: number,
  space: SearchSpace,
): TrialSampler {
  if (observations.count < startupTrials) {
    return { suggest: (_name, distribution) => drawUniform(distribution, startup) };
  }
  const split = observations.split();
  const draw = (wanted: SearchSpace) => propose(observations, split, wanted, random, settings);
  const together: Record<string, ParameterValue> = Object.keys(space).length > 0 ? draw(space) : {};
  const fits = (name: string, distribution: Distribution) =>
    space[name] !== undefined &&
    space[name].kind === distribution.kind &&
    (distribution.kind === "category"
      ? sameDistribution(space[name], distribution)
      : contains(distribution, together[name]));
  return {
    suggest: (name, distribution) => (fits(name, distribution) ? together[name] : draw({ [name]: distribution })[name]),
  };
}
