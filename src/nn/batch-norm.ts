import { checkOptions, finiteNumber } from "../core/checks.ts";
import { ShapeError } from "../core/errors.ts";
import { shapeOf, Tensor } from "../core/tensor.ts";
import { type ImageShape, ownColumns } from "./image-shape.ts";
import { LayerBase, type Mode } from "./layer.ts";

export interface BatchNormOptions {
  /** Added to the variance, so that a constant column divides by something; the book's 1e-6 when absent. */
  readonly eps?: number;
  /** Share of the running statistics that one batch leaves in place; the book's 0.9 when absent (PyTorch's 1 − momentum). */
  readonly momentum?: number;
}

/**
 * Batch Normalization: y = γ·x̂ + β with x̂ = (x − μ)/√(σ² + eps), each column by its own mean μ and variance σ²; of images
 * each channel by its own, over all pixels (§3.2: as a convolution treats them all alike).
 * In training these are the batch's, and running means of them are kept for evaluation.
 * Ioffe & Szegedy 2015, Algorithm 1 and 2. Differs: the running statistics start at 0, as in the book.
 *
 * Backward: dβ = Σ dy, dγ = Σ x̂·dy, dx = γ/(m·√(σ² + eps)) · (m·dy − dβ − x̂·dγ).
 */
export class BatchNorm extends LayerBase {
  readonly kind = "batchNorm";
  /** Null where columns stand for themselves. */
  readonly image: ImageShape | null;
  override readonly parameters;
  override readonly buffers;
  readonly batch;
  readonly eps: number;
  readonly momentum: number;
  private rows = 0;

  /**
   * @param input columns of a row, or the image that it is
   * @throws HyperError on a size below 1, eps below 0, a momentum outside [0, 1)
   */
  constructor(input: number | ImageShape, options: BatchNormOptions = {}) {
    checkOptions("batchNorm", options, { eps: true, momentum: true });
    const { eps = 1e-6, momentum = 0.9 } = options;
    const { image, size, own } = ownColumns("batchNorm", input);
    finiteNumber("batchNorm", "eps", eps, { min: 0 });
    finiteNumber("batchNorm", "momentum", momentum, { min: 0, below: 1 });
    super(size);
    this.image = image;
    this.eps = eps;
    this.momentum = momentum;
    const row = { rows: 1, cols: own };
    this.parameters = {
      gamma: { ...row, decays: false, start: 1 },
      beta: { ...row, decays: false, start: 0 },
    } as const;
    this.buffers = { runningMean: row, runningVariance: row, mean: row, variance: row, invStd: row };
    this.batch = { y: size, xHat: size };
  }

  /** @throws ShapeError for an empty batch in training */
  forward(x: Tensor, mode: Mode): Tensor {
    const { kernels, params, buffers, batch } = this.memory;
    const { eps, momentum: kept } = this;
    const { gamma, beta } = params;
    const { runningMean, runningVariance, mean, variance, invStd } = buffers;
    const y = batch.y.at(x.rows); // [m, n]
    if (mode === "evaluate") {
      kernels.batchNormEvaluate(this.alike(y), this.alike(x), runningMean, runningVariance, gamma, beta, eps);
      return y;
    }
    if (x.rows === 0) {
      throw new ShapeError({
        en: `batchNorm: training needs at least 1 row, got ${shapeOf(x)}. Use mode "evaluate".`,
        ja: `batchNorm: 学習には1行以上必要です(${shapeOf(x)} でした)。評価には mode "evaluate" を使ってください。`,
      });
    }
    this.rows = x.rows;
    const xHat = this.alike(batch.xHat.at(x.rows));
    kernels.batchNorm(this.alike(y), xHat, mean, variance, invStd, this.alike(x), gamma, beta, eps);
    kernels.scale(runningMean, kept, runningMean);
    kernels.axpy(runningMean, 1 - kept, mean);
    kernels.scale(runningVariance, kept, runningVariance);
    kernels.axpy(runningVariance, 1 - kept, variance);
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { kernels, params, grads, buffers, batch } = this.memory;
    const xHat = this.alike(batch.xHat.at(this.rows));
    const d = this.alike(dy);
    kernels.batchNormBackward(d, grads.gamma, grads.beta, d, xHat, buffers.invStd, params.gamma);
    return dy;
  }

  /** A batch with a column for each thing that has a mean of its own: of images, whose channels come last, a row a pixel. */
  private alike(x: Tensor): Tensor {
    if (this.image === null) {
      return x;
    }
    const { channels } = this.image;
    return new Tensor(x.data.length / channels, channels, x.data);
  }
}
