import { finiteNumber } from "../../core/checks.ts";
import { exp, log } from "../../core/elementary.ts";
import type { RandomStream } from "../../core/random.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { RowMix } from "../../nn/row-mix.ts";

/**
 * mixup: every row of a minibatch becomes λ·x + (1 − λ)·x′ with another row x′ of it, λ from Beta(α, α), one for the minibatch
 * as in the authors' code; the loss is λ times that of its own target and 1 − λ times that of the other's.
 * Zhang, Cisse, Dauphin & Lopez-Paz 2018, §2. For cross entropy and squared errors it is the loss of the mixed target but
 * for a constant.
 */
export class Mixup {
  readonly alpha: number;
  private before = new Float64Array(0);

  /** @throws HyperError when alpha is below 0 */
  constructor(alpha: number) {
    finiteNumber("mixup", "alpha", alpha, { min: 0 });
    this.alpha = alpha;
  }

  /** Mixes the rows of x [m, n] in place. */
  mix({ data, rows, cols }: Tensor, stream: RandomStream): RowMix {
    const share = this.alpha === 0 ? 1 : betaOf(this.alpha, stream);
    const partners = stream.permutation(rows);
    if (this.before.length < data.length) {
      this.before = new Float64Array(data.length);
    }
    this.before.set(data);
    for (let i = 0; i < rows; i++) {
      const [own, other] = [i * cols, partners[i] * cols];
      for (let k = 0; k < cols; k++) {
        data[own + k] = share * this.before[own + k] + (1 - share) * this.before[other + k];
      }
    }
    return { partners, share };
  }
}

/** A number of Beta(α, α): g/(g + g′) of two of Gamma(α). */
function betaOf(alpha: number, stream: RandomStream): number {
  const [a, b] = [logGamma(alpha, stream), logGamma(alpha, stream)];
  return 1 / (1 + exp(b - a));
}

/** The logarithm of a number of Gamma(α): for small α the number itself would often be 0. Marsaglia & Tsang 2000. */
function logGamma(alpha: number, stream: RandomStream): number {
  const raised = alpha < 1 ? alpha + 1 : alpha;
  const d = raised - 1 / 3;
  for (;;) {
    const x = stream.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && log(1 - stream.double()) < 0.5 * x * x + d - d * v + d * log(v)) {
      // Gamma(α) = Gamma(α + 1)·U^(1/α)
      return log(d * v) + (alpha < 1 ? log(1 - stream.double()) / alpha : 0);
    }
  }
}
