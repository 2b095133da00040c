import type { RandomStream } from "../../core/random.ts";
import type { Distribution, ParameterValue, SearchSpace } from "../../core/trial.ts";
import { CategoryDensity } from "./category-density.ts";
import { type Kernels, kernelsFor, kernelWeights } from "./kernels.ts";
import type { Observations, Split } from "./observations.ts";

export interface ProposeSettings {
  readonly candidates: number;
  readonly priorWeight: number;
  /** All parameters from one kernel at a time, instead of each from its own. */
  readonly multivariate: boolean;
}

/** Trials as a density over the parameters of `space`. */
function densityOf(columns: readonly Float64Array[], space: SearchSpace, settings: ProposeSettings) {
  const dimensions = settings.multivariate ? columns.length : 0;
  const weights = kernelWeights(columns[0].length, settings.priorWeight);
  const kernels = Object.values(space).map((distribution, d) =>
    kernelsFor(distribution, columns[d], { priorWeight: settings.priorWeight, dimensions }),
  );
  const choices = Object.values(space).map((distribution) =>
    distribution.kind === "category" ? distribution.choices.length : 0,
  );
  const categories = choices.includes(0)
    ? undefined
    : new CategoryDensity(choices, columns, weights, settings.priorWeight);
  return {
    weights,
    kernels,
    log: (values: readonly number[]) => categories?.log(values) ?? Math.log(density(weights, kernels, values)),
  };
}

/** `count` kernels drawn by their weights, each with one number of the stream. */
function drawKernels(weights: Float64Array, count: number, random: RandomStream): Int32Array {
  const cumulative = new Float64Array(weights.length);
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    sum += weights[k];
    cumulative[k] = sum;
  }
  return Int32Array.from({ length: count }, () => {
    const u = random.double();
    let low = 0;
    let high = weights.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] / sum > u) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  });
}

/** Density of the mixture at one candidate. */
function density(weights: Float64Array, kernels: readonly Kernels[], values: readonly number[]): number {
  if (kernels.length === 1) {
    return kernels[0].mixture(values[0], weights);
  }
  const factors = weights.slice();
  const exponents = new Float64Array(weights.length);
  for (const [d, kernel] of kernels.entries()) {
    kernel.multiply(values[d], factors, exponents);
  }
  let sum = 0;
  for (let k = 0; k < factors.length; k++) {
    sum += factors[k] * Math.exp(exponents[k]);
  }
  return sum;
}

/**
 * Draws candidates from the density of the good trials, l, and returns the one with the highest l/g, g being the density of
 * the others; the first of equals.
 *
 * Bergstra, Bardenet, Bengio & Kégl 2011, Algorithms for Hyper-Parameter Optimization, §4; the product kernels of the
 * multivariate kind: Falkner, Klein & Hutter 2018, BOHB, §3.
 * @param space in the order in which parameters are drawn
 */
export function propose(
  observations: Observations,
  split: Split,
  space: SearchSpace,
  random: RandomStream,
  settings: ProposeSettings,
): Record<string, ParameterValue> {
  const names = Object.keys(space);
  const good = densityOf(observations.select(split.good, space), space, settings);
  const other = densityOf(observations.select(split.other, space), space, settings);
  const chosen = drawKernels(good.weights, settings.candidates, random);
  const columns = good.kernels.map((kernels) => Array.from(chosen, (k) => kernels.draw(k, random)));
  let best: { values: readonly number[]; score: number } | undefined;
  const seen = new Set<string>();
  for (let i = 0; i < settings.candidates; i++) {
    const values = columns.map((column) => column[i]);
    const key = values.join();
    if (seen.has(key)) {
      continue;
    }
    seen.add(key);
    const score = good.log(values) - other.log(values);
    if (best === undefined || score > best.score) {
      best = { values, score };
    }
  }
  const values = (best as { values: readonly number[] }).values;
  return Object.fromEntries(names.map((name, d) => [name, external(space[name], values[d])]));
}

function external(distribution: Distribution, value: number): ParameterValue {
  return distribution.kind === "category" ? distribution.choices[value] : value;
}
