import { checkOptions, finiteNumber, wholeNumber } from "../core/checks.ts";
import type { Tensor } from "../core/tensor.ts";
import { LayerBase } from "./layer.ts";

/**
 * Layer Normalization: y = γ·x̂ + β with x̂ = (x − μ)/√(σ² + eps), each ROW by its own mean and variance (divided by n); the
 * same in training and evaluation. Ba, Kiros & Hinton 2016, eq. (3)–(4). Differs: eps is added, as everywhere.
 *
 * Backward: dβ = Σ_rows dy, dγ = Σ_rows x̂·dy, dx = (g − mean(g) − x̂·mean(g·x̂))/√(σ² + eps) with g = γ·dy.
 */
export class LayerNorm extends LayerBase {
  readonly kind = "layerNorm";
  readonly eps: number;
  override readonly parameters;
  readonly batch;

  /** `eps` is 1e-5 when absent, as in PyTorch. @throws HyperError on a size below 1, or eps below 0 */
  constructor(size: number, options: { readonly eps?: number } = {}) {
    checkOptions("layerNorm", options, { eps: true });
    const { eps = 1e-5 } = options;
    wholeNumber("layerNorm", "size", size, { min: 1 });
    finiteNumber("layerNorm", "eps", eps, { min: 0 });
    super(size);
    this.eps = eps;
    const row = { rows: 1, cols: size, decays: false } as const;
    this.parameters = { gamma: { ...row, start: 1 }, beta: { ...row, start: 0 } } as const;
    this.batch = { y: size, xHat: size, invStd: 1 };
  }

  forward(x: Tensor): Tensor {
    const { params, batch } = this.memory;
    const [y, xHat, invStd] = [batch.y.at(x.rows), batch.xHat.at(x.rows), batch.invStd.at(x.rows)];
    const [gamma, beta] = [params.gamma.data, params.beta.data];
    const n = x.cols;
    for (let i = 0; i < x.rows; i++) {
      const row = i * n;
      let mean = 0;
      for (let j = 0; j < n; j++) {
        mean += x.data[row + j];
      }
      mean /= n;
      let variance = 0;
      for (let j = 0; j < n; j++) {
        variance += (x.data[row + j] - mean) ** 2;
      }
      const r = 1 / Math.sqrt(variance / n + this.eps);
      invStd.data[i] = r;
      for (let j = 0; j < n; j++) {
        const h = (x.data[row + j] - mean) * r;
        xHat.data[row + j] = h;
        y.data[row + j] = gamma[j] * h + beta[j];
      }
    }
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { params, grads, batch } = this.memory;
    const [xHat, invStd] = [batch.xHat.at(dy.rows).data, batch.invStd.at(dy.rows).data];
    const gamma = params.gamma.data;
    const [dGamma, dBeta] = [grads.gamma.data, grads.beta.data];
    const n = dy.cols;
    dGamma.fill(0);
    dBeta.fill(0);
    for (let i = 0; i < dy.rows; i++) {
      const row = i * n;
      let mean = 0; // of g
      let along = 0; // mean of g·x̂
      for (let j = 0; j < n; j++) {
        const [d, h] = [dy.data[row + j], xHat[row + j]];
        dGamma[j] += h * d;
        dBeta[j] += d;
        mean += gamma[j] * d;
        along += gamma[j] * d * h;
      }
      mean /= n;
      along /= n;
      for (let j = 0; j < n; j++) {
        dy.data[row + j] = (gamma[j] * dy.data[row + j] - mean - xHat[row + j] * along) * invStd[i];
      }
    }
    return dy;
  }
}
