import { wholeNumber } from "../core/checks.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Kernels } from "../kernels/kernels.ts";

/**
 * Gradient accumulation: the mean gradient of several minibatches makes one update, as one of a batch as large as all of
 * them does; one of fewer rows, as the last of an epoch may be, counts as much as the others. Nothing is kept from update to
 * update.
 */
export class Accumulator {
  /** Minibatches an update. */
  readonly count: number;
  private readonly kernels: Kernels;
  private readonly grads: Tensor;
  private readonly sum: Tensor;

  /** @param grads [1, n] @param sum [1, n], room for the sum @throws HyperError */
  constructor(kernels: Kernels, grads: Tensor, sum: Tensor, count: number) {
    wholeNumber("openTraining", "accumulate", count, { min: 1 });
    this.kernels = kernels;
    this.grads = grads;
    this.sum = sum;
    this.count = count;
  }

  /**
   * Makes the mean gradient of minibatches.
   * @param gradient computes the gradients of minibatch k and returns its mean loss
   * @param left minibatches there are, where that may be fewer than `count`
   * @returns the mean of the losses
   */
  gradient(gradient: (k: number) => number, left: number = this.count): number {
    const { kernels, grads, sum } = this;
    const count = Math.min(this.count, left);
    let loss = 0;
    for (let k = 0; k < count; k++) {
      loss += gradient(k) / count;
      if (k === 0) {
        kernels.scale(sum, 1 / count, grads);
      } else {
        kernels.axpy(sum, 1 / count, grads);
      }
    }
    kernels.scale(grads, 1, sum);
    return loss;
  }
}
