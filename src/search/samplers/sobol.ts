import { choice, resolve, type ValuesOf } from "../../core/hyper.ts";
import type { Distribution, ParameterValue } from "../../core/trial.ts";
import { drawnRange, drawUniform, valueAt } from "../draw.ts";
import { defineSampler, type Sampler, type SamplerSetting } from "../sampler.ts";
import { dimensions, sobolPoint } from "../sobol/sequence.ts";
import { isSingle } from "../space.ts";

const hyper = {
  scramble: choice({
    options: ["owen", "none"],
    default: "owen",
    about: {
      en: "owen: shuffled by the study's seed without losing evenness",
      ja: "owen なら、均等さを保ったままシードで並びを崩す",
    },
  }),
};

function valueAtShare(distribution: Distribution, u: number): ParameterValue {
  if (distribution.kind === "category") {
    return distribution.choices[Math.floor(u * distribution.choices.length)];
  }
  const [low, high] = drawnRange(distribution);
  return valueAt(distribution, low + u * (high - low));
}

function openSobol({ seed, space }: SamplerSetting, { scramble }: ValuesOf<typeof hyper>): Sampler {
  const declared = Object.entries(space ?? {})
    .filter(([, distribution]) => !isSingle(distribution))
    .map(([name]) => name);
  return {
    name: "sobol",
    learns: false,
    begin: ({ number, startup }) => {
      let next = declared.length;
      return {
        suggest: (name, distribution) => {
          const place = declared.indexOf(name);
          const dimension = place >= 0 ? place : next++;
          return dimension < dimensions
            ? valueAtShare(distribution, sobolPoint(number, dimension, scramble === "owen" ? seed : undefined))
            : drawUniform(distribution, startup);
        },
      };
    },
  };
}

/**
 * One dimension a parameter, in the order in which they are declared or, without a declaration, asked for; parameters past
 * the dimensions that there are directions for are drawn at random.
 */
export const sobol = defineSampler({
  name: "sobol",
  label: "Sobol",
  about: {
    en: "Fills the space evenly with Sobol's sequence: as independent of results as random, with fewer gaps and clumps.",
    ja: "Sobol 列で空間をむらなく埋めます。ランダムと同じく結果によらず、偏りが少なくなります。",
  },
  hyper,
  open: (setting, values = {}) => openSobol(setting, resolve(hyper, values)),
});
