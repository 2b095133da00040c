import { exp, log } from "../core/elementary.ts";
import type { Pointwise } from "./operations.generated.ts";

/** An activation as a function of one number: its value and its slope. */
export interface PointwiseFunction {
  /** y = f(x) */
  f(x: number): number;
  /** f′(x), told x and y */
  slope(x: number, y: number): number;
}

const sigmoid = (x: number) => 1 / (1 + exp(-x));
/** Density of the standard normal distribution, and the share below x. */
const density = (x: number) => exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
const below = (x: number) => 0.5 * (1 + erf(x / Math.SQRT2));

/** Keeps a mean of 0 and a variance of 1 from layer to layer: the paper's λ and α. */
const selfNormal = { lambda: 1.0507009873554805, alpha: 1.6732632423543772 } as const;

export const pointwiseFunctions = {
  /** x, or 0.01·x below 0. Maas, Hannun & Ng 2013, §2. */
  leakyRelu: {
    f: (x) => (x > 0 ? x : 0.01 * x),
    slope: (x) => (x > 0 ? 1 : 0.01),
  },
  /** x, or eˣ − 1 below 0 (α = 1). Clevert, Unterthiner & Hochreiter 2016, eq. (3). */
  elu: {
    f: (x) => (x > 0 ? x : exp(x) - 1),
    slope: (x, y) => (x > 0 ? 1 : y + 1),
  },
  /** λx, or λα(eˣ − 1) below 0. Klambauer, Unterthiner, Mayr & Hochreiter 2017, eq. (2). */
  selu: {
    f: (x) => selfNormal.lambda * (x > 0 ? x : selfNormal.alpha * (exp(x) - 1)),
    slope: (x, y) => (x > 0 ? selfNormal.lambda : y + selfNormal.lambda * selfNormal.alpha),
  },
  /** ln(1 + eˣ), for any x without overflow. Dugas, Bengio, Bélisle, Nadeau & Garcia 2001, §3. */
  softplus: {
    f: (x) => Math.max(x, 0) + log(1 + exp(-Math.abs(x))),
    slope: (x) => sigmoid(x),
  },
  /** x·Φ(x), Φ the normal distribution's share below x. Hendrycks & Gimpel 2016, §2. Differs: by erf itself, not by tanh. */
  gelu: {
    f: (x) => (x === -Infinity ? 0 : x * below(x)),
    slope: (x) => below(x) + x * density(x),
  },
  /** x·σ(x), also called swish. Elfwing, Uchibe & Doya 2018, eq. (5). */
  silu: {
    f: (x) => x * sigmoid(x),
    slope: (x, y) => y + sigmoid(x) * (1 - y),
  },
} satisfies Readonly<Record<Pointwise, PointwiseFunction>>;

/**
 * The error function, to some units in the last place, with the same bits in every engine: near 0 the series of positive
 * terms e^(−x²)·Σ 2ⁿx^(2n+1)/(2n+1)!! (Abramowitz & Stegun 7.1.6), further out the continued fraction 7.1.14.
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) {
    return Math.sign(x);
  }
  const scaled = exp(-size * size) * twoOverRootPi;
  if (size < 2.5) {
    let term = size;
    let sum = size;
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * size * size) / (2 * n + 1);
      sum += term;
    }
    return Math.sign(x) * scaled * sum;
  }
  let fraction = 0;
  for (let k = 60; k >= 1; k--) {
    fraction = k / 2 / (size + fraction);
  }
  return Math.sign(x) * (1 - scaled / 2 / (size + fraction));
}

const twoOverRootPi = 2 / Math.sqrt(Math.PI);
