import type { RandomStream } from "../../core/random.ts";
import type { Distribution, ParameterValue, SearchSpace, TrialRecord } from "../../core/trial.ts";
import { type Kernels, kernelsFor, kernelWeights } from "./kernels.ts";
import { column, type Split } from "./observations.ts";

export interface ProposeSettings {
  readonly candidates: number;
  readonly priorWeight: number;
  /** All parameters from one kernel at a time, instead of each from its own. */
  readonly multivariate: boolean;
}

/** Good and other trials as densities over the parameters of `space`, all of which they have. */
function densities(trials: readonly TrialRecord[], space: SearchSpace, settings: ProposeSettings) {
  const names = Object.keys(space);
  const having = trials.filter(({ params }) => names.every((name) => params[name] !== undefined));
  const columns = names.map((name) => column(having, name, space[name]));
  const dimensions = settings.multivariate ? names.length : 0;
  const weights = kernelWeights(columns[0].length, settings.priorWeight);
  const kernels = names.map((name, d) =>
    kernelsFor(space[name], columns[d], { priorWeight: settings.priorWeight, dimensions }),
  );
  return { weights, kernels };
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
  const products = weights.slice();
  for (const [d, kernel] of kernels.entries()) {
    kernel.multiply(values[d], products);
  }
  return products.reduce((sum, product) => sum + product, 0);
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
  split: Split,
  space: SearchSpace,
  random: RandomStream,
  settings: ProposeSettings,
): Record<string, ParameterValue> {
  const names = Object.keys(space);
  const good = densities(split.good, space, settings);
  const other = densities(split.other, space, settings);
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
    const score =
      Math.log(density(good.weights, good.kernels, values)) - Math.log(density(other.weights, other.kernels, values));
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
