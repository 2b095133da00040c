import type { RandomStream } from "../../core/random.ts";
import { type Eigen, symmetricEigen } from "./jacobi.ts";

export interface EvolutionOptions {
  /** Where the search begins; n numbers. */
  readonly mean: Float64Array;
  /** Standard deviation of the first points in each direction. */
  readonly sigma: number;
  /** Points a generation; 4 + ⌊3 ln n⌋ unless told. */
  readonly populationSize?: number;
}

/** What follows from n and the population's size λ: the defaults of the tutorial's Table 1. */
interface Strategy {
  readonly n: number;
  readonly lambda: number;
  readonly mu: number;
  /** Of all λ points, the best first; those of the worse half are negative. */
  readonly weights: Float64Array;
  readonly muEff: number;
  readonly cSigma: number;
  readonly dSigma: number;
  readonly cC: number;
  readonly c1: number;
  readonly cMu: number;
  /** E‖N(0, I)‖ */
  readonly chiN: number;
}

function strategyFor(n: number, lambda: number): Strategy {
  const mu = Math.floor(lambda / 2);
  const raw = Float64Array.from({ length: lambda }, (_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1));
  const sumOf = (weights: Float64Array) => weights.reduce((sum, w) => sum + w, 0);
  const effective = (weights: Float64Array) => sumOf(weights) ** 2 / weights.reduce((sum, w) => sum + w * w, 0);
  const muEff = effective(raw.subarray(0, mu));
  const muEffMinus = effective(raw.subarray(mu));
  const c1 = 2 / ((n + 1.3) ** 2 + muEff);
  const cMu = Math.min(1 - c1, (2 * (0.25 + muEff + 1 / muEff - 2)) / ((n + 2) ** 2 + muEff));
  const cSigma = (muEff + 2) / (n + muEff + 5);
  const negative = Math.min(1 + c1 / cMu, 1 + (2 * muEffMinus) / (muEff + 2), (1 - c1 - cMu) / (n * cMu));
  const positiveSum = sumOf(raw.filter((w) => w > 0));
  const negativeSum = -sumOf(raw.filter((w) => w < 0));
  return {
    n,
    lambda,
    mu,
    weights: raw.map((w) => (w >= 0 ? w / positiveSum : (negative * w) / negativeSum)),
    muEff,
    cSigma,
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma,
    cC: (4 + muEff / n) / (n + 4 + (2 * muEff) / n),
    c1,
    cMu,
    chiN: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

/**
 * The evolution strategy with covariance matrix adaptation, (μ/μ_w, λ)-CMA-ES with negative weights.
 *
 * Hansen 2016, The CMA Evolution Strategy: A Tutorial, Appendix A; letters as there. It minimizes, and looks at nothing but
 * the order of the points, so that it does the same for f and for any increasing function of f.
 */
export class Evolution {
  readonly n: number;
  /** Points of a generation, λ. */
  readonly populationSize: number;
  readonly mean: Float64Array;
  /** Step size σ. */
  sigma: number;
  /** Covariance matrix, n × n. */
  readonly c: Float64Array;
  /** Generations so far. */
  generation = 0;
  private readonly strategy: Strategy;
  private readonly pathSigma: Float64Array;
  private readonly pathC: Float64Array;
  private eigen: Eigen;

  constructor({ mean, sigma, populationSize }: EvolutionOptions) {
    this.n = mean.length;
    this.populationSize = populationSize ?? 4 + Math.floor(3 * Math.log(this.n));
    this.strategy = strategyFor(this.n, this.populationSize);
    this.mean = mean.slice();
    this.sigma = sigma;
    this.c = new Float64Array(this.n * this.n);
    for (let i = 0; i < this.n; i++) {
      this.c[i * this.n + i] = 1;
    }
    this.pathSigma = new Float64Array(this.n);
    this.pathC = new Float64Array(this.n);
    this.eigen = symmetricEigen(this.c, this.n);
  }

  /** A point of this generation, x ~ N(m, σ²C). */
  draw(random: RandomStream): Float64Array {
    const z = Float64Array.from({ length: this.n }, () => random.normal());
    const y = this.transform(z, Math.sqrt);
    return y.map((value, i) => this.mean[i] + this.sigma * value);
  }

  /** The largest standard deviation in any direction. */
  get spread(): number {
    return this.sigma * Math.sqrt(Math.max(...this.eigen.values));
  }

  /** Largest over smallest eigenvalue of C. */
  get condition(): number {
    return Math.max(...this.eigen.values) / Math.min(...this.eigen.values);
  }

  /** Ends a generation. @param points λ of them, the best first */
  update(points: readonly Float64Array[]): void {
    const { n, mu, weights, muEff, cSigma, dSigma, cC, chiN } = this.strategy;
    const steps = points.map((x) => x.map((value, i) => (value - this.mean[i]) / this.sigma));
    const step = new Float64Array(n);
    for (let k = 0; k < mu; k++) {
      for (let i = 0; i < n; i++) {
        step[i] += weights[k] * steps[k][i];
      }
    }
    for (let i = 0; i < n; i++) {
      this.mean[i] += this.sigma * step[i];
    }
    this.generation += 1;
    const whitened = this.transform(this.rotated(step), (d) => 1 / Math.sqrt(d));
    for (let i = 0; i < n; i++) {
      this.pathSigma[i] = (1 - cSigma) * this.pathSigma[i] + Math.sqrt(cSigma * (2 - cSigma) * muEff) * whitened[i];
    }
    const length = norm(this.pathSigma);
    const grown = length / Math.sqrt(1 - (1 - cSigma) ** (2 * this.generation));
    // While σ still grows fast, the path of C waits.
    const h = grown < (1.4 + 2 / (n + 1)) * chiN ? 1 : 0;
    for (let i = 0; i < n; i++) {
      this.pathC[i] = (1 - cC) * this.pathC[i] + h * Math.sqrt(cC * (2 - cC) * muEff) * step[i];
    }
    this.adaptCovariance(steps, h);
    this.sigma *= Math.exp(Math.min(1, (cSigma / dSigma) * (length / chiN - 1)));
    this.eigen = symmetricEigen(this.c, n);
    this.keepPositive();
  }

  private adaptCovariance(steps: readonly Float64Array[], h: number): void {
    const { n, weights, cC, c1, cMu } = this.strategy;
    const lengths = steps.map((y) => norm(this.transform(this.rotated(y), (d) => 1 / Math.sqrt(d))));
    const shares = weights.map((w, k) => (w >= 0 ? w : (w * n) / (lengths[k] ** 2 + 1e-12)));
    const sum = weights.reduce((total, w) => total + w, 0);
    const kept = 1 + c1 * (1 - h) * cC * (2 - cC) - c1 - cMu * sum;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let ranks = 0;
        for (let k = 0; k < steps.length; k++) {
          ranks += shares[k] * steps[k][i] * steps[k][j];
        }
        const value = kept * this.c[i * n + j] + c1 * this.pathC[i] * this.pathC[j] + cMu * ranks;
        this.c[i * n + j] = value;
        this.c[j * n + i] = value;
      }
    }
  }

  /** Rounding may leave an eigenvalue at or below 0 when C is nearly flat; it is lifted to the smallest that can be told. */
  private keepPositive(): void {
    const { values, vectors } = this.eigen;
    const least = 1e-14 * Math.max(...values, 1e-300);
    if (values.every((value) => value >= least)) {
      return;
    }
    const lifted = values.map((value) => Math.max(value, least));
    const { n } = this;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) {
          sum += vectors[i * n + k] * lifted[k] * vectors[j * n + k];
        }
        this.c[i * n + j] = sum;
      }
    }
    this.eigen = { values: lifted, vectors };
  }

  /** Bᵀy: coordinates along the eigenvectors. */
  private rotated(y: Float64Array): Float64Array {
    const { n } = this;
    const { vectors } = this.eigen;
    return Float64Array.from({ length: n }, (_, k) => {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        sum += vectors[i * n + k] * y[i];
      }
      return sum;
    });
  }

  /** B · diag(f(eigenvalues)) · z */
  private transform(z: Float64Array, f: (eigenvalue: number) => number): Float64Array {
    const { n } = this;
    const { values, vectors } = this.eigen;
    const scaled = z.map((value, k) => value * f(values[k]));
    return Float64Array.from({ length: n }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < n; k++) {
        sum += vectors[i * n + k] * scaled[k];
      }
      return sum;
    });
  }
}

function norm(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}
