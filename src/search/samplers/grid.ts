import { HyperError } from "../../core/errors.ts";
import { choice, integer, resolve, type ValuesOf } from "../../core/hyper.ts";
import { RandomStream } from "../../core/random.ts";
import type { Distribution, ParameterValue } from "../../core/trial.ts";
import { stepAt } from "../decimal-step.ts";
import { drawnRange, valueAt } from "../draw.ts";
import { defineSampler, type Sampler, type SamplerSetting } from "../sampler.ts";
import { describeDistribution, isSingle, sameDistribution } from "../space.ts";

const hyper = {
  points: integer({
    default: 5,
    min: 1,
    max: 1e5,
    about: {
      en: "values of a range without a step, evenly spaced on its scale",
      ja: "刻みのない範囲から等間隔に取る値の数",
    },
  }),
  order: choice({
    options: ["shuffled", "rows"],
    default: "shuffled",
    about: {
      en: "shuffled by the study's seed, or row by row with the last parameter changing first",
      ja: "シードで並べ替えるか、最後のパラメータから順に変えるか",
    },
  }),
};

const most = 1_000_000;

/** Every value a parameter takes on the grid. */
function valuesOf(distribution: Distribution, points: number): readonly ParameterValue[] {
  if (distribution.kind === "category") {
    return distribution.choices;
  }
  const { kind, low, high, step } = distribution;
  const unit = step ?? (kind === "int" ? 1 : undefined);
  const onSteps = unit === undefined ? Number.POSITIVE_INFINITY : Math.floor((high - low) / unit + 1e-9) + 1;
  if (unit !== undefined && (step !== undefined || onSteps <= points)) {
    // So many values alone are more than a grid may have.
    const count = Math.min(onSteps, most + 1);
    return Array.from({ length: count }, (_, i) => Math.min(stepAt(low, unit, i), high));
  }
  const [from, to] = distribution.scale === "log" ? [Math.log(low), Math.log(high)] : [low, high];
  const [drawnFrom, drawnTo] = drawnRange(distribution);
  const even = Array.from({ length: points }, (_, i) => {
    const at = points === 1 ? (from + to) / 2 : from + ((to - from) * i) / (points - 1);
    // Both ends exactly, whatever the logarithm and the exponential lose.
    return points > 1 && i === 0 ? low : points > 1 && i === points - 1 ? high : valueAt(distribution, clamp(at));
  });
  return [...new Set(even)];

  function clamp(at: number): number {
    return Math.min(Math.max(at, drawnFrom), drawnTo);
  }
}

function openGrid({ seed, space }: SamplerSetting, { points, order }: ValuesOf<typeof hyper>): Sampler {
  if (space === undefined) {
    throw new HyperError({
      en: "grid: needs the whole space beforehand, got none. Declare it, or choose random or sobol.",
      ja: "grid: 探索範囲の全体を前もって宣言する必要があります。宣言するか、random か sobol を使ってください。",
    });
  }
  const axes = Object.entries(space)
    .filter(([, distribution]) => !isSingle(distribution))
    .map(([name, distribution]) => ({ name, distribution, values: valuesOf(distribution, points) }));
  const size = axes.reduce((product, { values }) => product * values.length, 1);
  if (size > most) {
    throw new HyperError({
      en: `grid: must have at most ${most} points, got ${size}. Widen the steps, lower points, or choose sobol.`,
      ja: `grid: 格子点は ${most} 個までです(現在は ${size} 個)。step を広げるか、points を減らすか、sobol を使ってください。`,
    });
  }
  const places = order === "rows" ? undefined : RandomStream.seeded(seed).permutation(size);
  return {
    name: "grid",
    learns: false,
    trials: size,
    begin: ({ number }) => {
      let rest = places === undefined ? number % size : places[number % size];
      const point = new Map<string, ParameterValue>();
      for (const { name, values } of axes.toReversed()) {
        point.set(name, values[rest % values.length]);
        rest = Math.floor(rest / values.length);
      }
      return {
        suggest: (name, distribution) => {
          const axis = axes.find((known) => known.name === name);
          if (axis === undefined || !sameDistribution(axis.distribution, distribution)) {
            const declared = axis === undefined ? "nothing" : describeDistribution(axis.distribution);
            throw new HyperError({
              en: `grid: ${name} must be drawn as it was declared, ${declared}, got ${describeDistribution(distribution)}. Declare it so.`,
              ja: `grid: ${name} は宣言したとおりに引いてください(宣言: ${axis === undefined ? "なし" : declared}、要求: ${describeDistribution(distribution)})。`,
            });
          }
          return point.get(name) as ParameterValue;
        },
      };
    },
  };
}

export const grid = defineSampler({
  name: "grid",
  label: "Grid",
  about: {
    en: "Tries every combination of a few values of each parameter, once.",
    ja: "各パラメータの値の組み合わせを、1回ずつすべて試します。",
  },
  hyper,
  open: (setting, values = {}) => openGrid(setting, resolve(hyper, values)),
});
