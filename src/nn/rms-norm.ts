import { checkOptions, finiteNumber, wholeNumber } from "../core/checks.ts";
import type { Tensor } from "../core/tensor.ts";
import { LayerBase } from "./layer.ts";

/**
 * RMS Normalization: y = γ·x̂ with x̂ = x/√(mean(x²) + eps), each row by its own size, without a mean and without β.
 * Zhang & Sennrich 2019, eq. (4). Differs: eps is added.
 *
 * Backward: dγ = Σ_rows x̂·dy, dx = (g − x̂·mean(g·x̂))/√(mean(x²) + eps) with g = γ·dy.
 */
export class RmsNorm extends LayerBase {
  readonly kind = "rmsNorm";
  readonly eps: number;
  override readonly parameters;
  readonly batch;

  /** `eps` is 1e-5 when absent. @throws HyperError on a size below 1, or eps below 0 */
  constructor(size: number, options: { readonly eps?: number } = {}) {
    checkOptions("rmsNorm", options, { eps: true });
    const { eps = 1e-5 } = options;
    wholeNumber("rmsNorm", "size", size, { min: 1 });
    finiteNumber("rmsNorm", "eps", eps, { min: 0 });
    super(size);
    this.eps = eps;
    this.parameters = { gamma: { rows: 1, cols: size, decays: false, start: 1 } } as const;
    this.batch = { y: size, xHat: size, invRms: 1 };
  }

  forward(x: Tensor): Tensor {
    const { params, batch } = this.memory;
    const [y, xHat, invRms] = [batch.y.at(x.rows), batch.xHat.at(x.rows), batch.invRms.at(x.rows)];
    const n = x.cols;
    for (let i = 0; i < x.rows; i++) {
      const row = i * n;
      let squares = 0;
      for (let j = 0; j < n; j++) {
        squares += x.data[row + j] ** 2;
      }
      const r = 1 / Math.sqrt(squares / n + this.eps);
      invRms.data[i] = r;
      for (let j = 0; j < n; j++) {
        const h = x.data[row + j] * r;
        xHat.data[row + j] = h;
        y.data[row + j] = params.gamma.data[j] * h;
      }
    }
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { params, grads, batch } = this.memory;
    const [xHat, invRms] = [batch.xHat.at(dy.rows).data, batch.invRms.at(dy.rows).data];
    const [gamma, dGamma] = [params.gamma.data, grads.gamma.data];
    const n = dy.cols;
    dGamma.fill(0);
    for (let i = 0; i < dy.rows; i++) {
      const row = i * n;
      let along = 0; // mean of g·x̂
      for (let j = 0; j < n; j++) {
        const [d, h] = [dy.data[row + j], xHat[row + j]];
        dGamma[j] += h * d;
        along += gamma[j] * d * h;
      }
      along /= n;
      for (let j = 0; j < n; j++) {
        dy.data[row + j] = (gamma[j] * dy.data[row + j] - xHat[row + j] * along) * invRms[i];
      }
    }
    return dy;
  }
}
