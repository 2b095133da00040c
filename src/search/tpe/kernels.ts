import type { RandomStream } from "../../core/random.ts";
import type { Distribution } from "../../core/trial.ts";
import { drawnRange, ontoStep, valueAt } from "../draw.ts";
import { argsort } from "./argsort.ts";
import { negligible, normalMass, stepMass, truncatedNormalQuantile } from "./normal.ts";
import { pairwiseSum } from "./pairwise-sum.ts";

/**
 * One parameter's kernels, one an observation and the prior last. Candidates are what an objective would get: numbers, or
 * the place of a choice.
 */
export interface Kernels {
  /** Draws one value from kernel `k` with one number of the stream. */
  draw(k: number, random: RandomStream): number;
  /** factors[k] · exp(exponents[k]) is multiplied by the density or mass of kernel k at `value` */
  multiply(value: number, factors: Float64Array, exponents: Float64Array): void;
  /** Σ weights[k] · density of kernel k at `value` */
  mixture(value: number, weights: Float64Array): number;
}

export interface KernelSettings {
  /** The prior's weight against one observation's. */
  readonly priorWeight: number;
  /** How many parameters are drawn together; 0 for each by itself. */
  readonly dimensions: number;
}

type Numeric = Extract<Distribution, { kind: "real" | "int" }>;

/** Kernels around the observations of a parameter. */
export function kernelsFor(distribution: Distribution, observed: Float64Array, settings: KernelSettings): Kernels {
  return distribution.kind === "category"
    ? categoryKernels(distribution.choices.length, observed, settings)
    : numericKernels(distribution, observed, settings);
}

/**
 * A weight for each observation, the oldest first: all alike below 25, else a ramp from 1/n to 1 for all but the last 25.
 * The prior's weight stands last; all sum to 1.
 */
export function kernelWeights(observations: number, priorWeight: number): Float64Array {
  const weights = new Float64Array(observations + 1).fill(1);
  if (observations > 0) {
    weights[observations] = priorWeight;
  }
  const ramp = observations - 25;
  const slope = ramp > 1 ? (1 - 1 / observations) / (ramp - 1) : 0;
  for (let i = 0; i < ramp; i++) {
    weights[i] = i === ramp - 1 && ramp > 1 ? 1 : i * slope + 1 / observations;
  }
  const sum = pairwiseSum(weights);
  return weights.map((weight) => weight / sum);
}

/** σ of each observation: the larger gap to its neighbours, the prior and the range's ends among them. */
function gapWidths(mus: Float64Array, low: number, high: number): Float64Array {
  const order = argsort(mus);
  const last = order.length - 1;
  const widths = new Float64Array(mus.length);
  for (let place = 0; place <= last; place++) {
    const at = mus[order[place]];
    const below = at - (place === 0 ? low : mus[order[place - 1]]);
    const above = (place === last ? high : mus[order[place + 1]]) - at;
    const inner = last > 0 && place === 0 ? above : last > 0 && place === last ? below : undefined;
    widths[order[place]] = inner ?? Math.max(below, above);
  }
  return widths;
}

function numericKernels(distribution: Numeric, observed: Float64Array, settings: KernelSettings): Kernels {
  const [low, high] = drawnRange(distribution);
  const range = high - low;
  const log = distribution.scale === "log";
  const n = observed.length;
  const mus = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    mus[i] = log ? Math.log(observed[i]) : observed[i];
  }
  mus[n] = 0.5 * (low + high);
  const narrowest = range / Math.min(100, 2 + n);
  const sigmas =
    settings.dimensions === 0
      ? gapWidths(mus, low, high)
      : new Float64Array(n + 1).fill(0.2 * Math.max(n, 1) ** (-1 / (settings.dimensions + 4)) * range);
  for (let i = 0; i < n; i++) {
    sigmas[i] = Math.min(Math.max(sigmas[i], narrowest), range);
  }
  sigmas[n] = range;
  const draw = (k: number, random: RandomStream) => {
    const u = random.double();
    const x = truncatedNormalQuantile(u, (low - mus[k]) / sigmas[k], (high - mus[k]) / sigmas[k]);
    return x * sigmas[k] + mus[k];
  };
  const totals = mus.map((mu, k) => normalMass((low - mu) / sigmas[k], (high - mu) / sigmas[k]));
  // Whole numbers on a log scale are treated as continuous.
  const step = log ? undefined : (distribution.step ?? (distribution.kind === "int" ? 1 : undefined));
  return step === undefined
    ? continuous(distribution, mus, sigmas, totals, draw)
    : discrete(distribution, step, mus, sigmas, totals, draw);
}

function continuous(
  distribution: Numeric,
  mus: Float64Array,
  sigmas: Float64Array,
  totals: Float64Array,
  draw: Kernels["draw"],
): Kernels {
  const log = distribution.scale === "log";
  const inverses = sigmas.map((sigma) => 1 / sigma);
  // As Optuna 3.1.0 has it, without the 1/σ of a density: wide kernels, the prior above all, count for more.
  const peaks = totals.map((total) => 1 / (Math.sqrt(2 * Math.PI) * total));
  return {
    draw: (k, random) => {
      const x = draw(k, random);
      return distribution.kind === "int" ? valueAt(distribution, x) : clipped(log ? Math.exp(x) : x, distribution);
    },
    multiply: (value, factors, exponents) => {
      const x = log ? Math.log(value) : value;
      for (let k = 0; k < mus.length; k++) {
        const z = (x - mus[k]) * inverses[k];
        factors[k] *= peaks[k];
        exponents[k] -= 0.5 * z * z;
      }
    },
    mixture: (value, weights) => {
      const x = log ? Math.log(value) : value;
      let sum = 0;
      for (let k = 0; k < mus.length; k++) {
        const z = (x - mus[k]) * inverses[k];
        const square = z * z;
        if (square < negligible * negligible) {
          sum += weights[k] * peaks[k] * Math.exp(-0.5 * square);
        }
      }
      return sum;
    },
  };
}

function clipped(value: number, { low, high }: Numeric): number {
  return Math.min(Math.max(value, low), high);
}

function discrete(
  { low, high }: Numeric,
  step: number,
  mus: Float64Array,
  sigmas: Float64Array,
  totals: Float64Array,
  draw: Kernels["draw"],
): Kernels {
  const inverses = sigmas.map((sigma) => 1 / sigma);
  const shares = totals.map((total) => 1 / total);
  const masses = tabulated(mus, inverses, step, Math.round((high - low) / step));
  return {
    draw: (k, random) => ontoStep(draw(k, random), low, high, step),
    multiply: (value, factors) => {
      for (let k = 0; k < mus.length; k++) {
        factors[k] *= masses(k, value) * shares[k];
      }
    },
    mixture: (value, weights) => {
      let sum = 0;
      for (let k = 0; k < mus.length; k++) {
        if (Math.abs(value - mus[k]) * inverses[k] < negligible + 0.5 * step * inverses[k]) {
          sum += weights[k] * masses(k, value) * shares[k];
        }
      }
      return sum;
    },
  };
}

/** Mass of kernel k on [value − step / 2, value + step / 2]. */
function tabulated(
  mus: Float64Array,
  inverses: Float64Array,
  step: number,
  steps: number,
): (k: number, value: number) => number {
  const prior = mus.length - 1;
  const common = inverses[0];
  const alike = prior > 1 && steps <= 20_000 && inverses.subarray(0, prior).every((inverse) => inverse === common);
  if (!alike) {
    return (k, value) => stepMass((value - mus[k]) * inverses[k], step * inverses[k]);
  }
  // Kernels of one width, centred on steps: their masses depend on how many steps lie between.
  const table = new Float64Array(steps + 1).fill(Number.NaN);
  return (k, value) => {
    const distance = Math.round(Math.abs(value - mus[k]) / step);
    if (k === prior || distance > steps) {
      return stepMass((value - mus[k]) * inverses[k], step * inverses[k]);
    }
    if (Number.isNaN(table[distance])) {
      table[distance] = stepMass(distance * step * common, step * common);
    }
    return table[distance];
  };
}

function categoryKernels(choices: number, observed: Float64Array, { priorWeight }: KernelSettings): Kernels {
  const n = observed.length;
  // Without observations only the prior is left, whatever its weight.
  const share = n === 0 ? 1 : priorWeight / (n + 1);
  const whole = choices * share + 1;
  const hit = (share + 1) / whole;
  const miss = share / whole;
  const chance = (k: number, choice: number) => (k === n ? 1 / choices : observed[k] === choice ? hit : miss);
  return {
    draw: (k, random) => {
      const u = random.double();
      let sum = 0;
      for (let choice = 0; choice < choices - 1; choice++) {
        sum += chance(k, choice);
        if (sum >= u) {
          return choice;
        }
      }
      return choices - 1;
    },
    multiply: (value, factors) => {
      for (let k = 0; k <= n; k++) {
        factors[k] *= chance(k, value);
      }
    },
    mixture: (value, weights) => {
      let sum = 0;
      for (let k = 0; k <= n; k++) {
        sum += weights[k] * chance(k, value);
      }
      return sum;
    },
  };
}
