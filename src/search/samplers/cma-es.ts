import { optionOf, refuse } from "../../core/checks.ts";
import { choice, integer, real, resolve, type ValuesOf } from "../../core/hyper.ts";
import type { RandomStream } from "../../core/random.ts";
import type { SearchSpace } from "../../core/trial.ts";
import { noteKey, type PointNote, pointValue, Replay } from "../cma/replay.ts";
import { drawUniform } from "../draw.ts";
import { JointSpace } from "../joint-space.ts";
import { defineSampler, type Sampler, type SamplerSetting } from "../sampler.ts";
import { contains, isSingle, sameDistribution } from "../space.ts";

const hyper = {
  sigma: real({
    default: 1 / 6,
    above: 0,
    max: 1,
    about: {
      en: "standard deviation of the first generation, as a share of each range",
      ja: "最初の世代の標準偏差(各範囲に対する割合)",
    },
  }),
  populationSize: integer({
    default: 0,
    min: 0,
    max: 10_000,
    about: {
      en: "trials a generation; 0: 4 + ⌊3 ln n⌋ for n parameters",
      ja: "1世代の試行数。0なら、n個のパラメータに対して 4 + ⌊3 ln n⌋",
    },
  }),
  restarts: choice({
    options: ["none", "ipop"],
    default: "none",
    about: {
      en: "ipop: begins anew with twice the points once a search has converged",
      ja: "ipop なら、収束したら世代の人数を2倍にして始め直す",
    },
  }),
};

/** The numeric parameters with more than one value: CMA-ES knows no categories. */
function numeric(space: SearchSpace): SearchSpace {
  return Object.fromEntries(
    Object.entries(space).filter(([, distribution]) => distribution.kind !== "category" && !isSingle(distribution)),
  );
}

/** A point in the unit cube: drawn anew while it lies outside, at last moved to its border. */
function drawInside(draw: () => Float64Array): Float64Array {
  let point = draw();
  for (let tries = 1; tries < 100 && point.some((x) => x < 0 || x > 1); tries++) {
    point = draw();
  }
  return point.map((x) => Math.min(Math.max(x, 0), 1));
}

function openCmaEs({ seed, space }: SamplerSetting, values: ValuesOf<typeof hyper>): Sampler {
  if (values.populationSize === 1) {
    refuse(optionOf("cma-es", "populationSize"), { en: "0 or at least 2", ja: "0、または2以上の整数" }, 1, {
      en: "0 takes the usual size.",
      ja: "0なら通常の大きさになります。",
    });
  }
  const joint = new JointSpace();
  const replay = new Replay({ ...values, seed });
  const declared = space === undefined ? undefined : numeric(space);
  return {
    name: "cma-es",
    learns: true,
    begin: ({ trials, direction, random, startup }) => {
      const known = declared ?? numeric(joint.of(trials) ?? {});
      const names = Object.keys(known);
      if (names.length === 0) {
        return { suggest: (_name, distribution) => drawUniform(distribution, startup) };
      }
      const note = nextPoint(replay, trials, known, direction, random);
      return {
        attributes: { [noteKey]: note },
        suggest: (name, distribution) => {
          const place = names.indexOf(name);
          const value = place < 0 ? undefined : pointValue(known, name, note.point[place]);
          return value !== undefined && sameDistribution(known[name], distribution) && contains(distribution, value)
            ? value
            : drawUniform(distribution, startup);
        },
      };
    },
  };
}

function nextPoint(
  replay: Replay,
  trials: Parameters<Replay["of"]>[0],
  space: SearchSpace,
  direction: Parameters<Replay["of"]>[2],
  random: RandomStream,
): PointNote {
  const { restart, evolution } = replay.of(trials, space, direction);
  const point = drawInside(() => evolution.draw(random));
  return { names: Object.keys(space), restart, generation: evolution.generation, point: [...point] };
}

export const cmaEs = defineSampler({
  name: "cma-es",
  label: "CMA-ES",
  about: {
    en: "Draws from a normal distribution whose centre, width and shape follow the better half of each generation.",
    ja: "各世代のよい半分に合わせて、中心・幅・形を変えていく正規分布から引きます。",
  },
  hyper,
  open: (setting, values = {}) => openCmaEs(setting, resolve(hyper, values)),
});
