import { wholeNumber } from "../core/checks.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Kernels } from "../kernels/kernels.ts";

/**
 * Gradient accumulation: the mean gradient of the rows of several minibatches makes one update, as a batch of all of them
 * does; one of fewer rows, as the last of an epoch may be, counts by its rows. Nothing is kept from update to update.
 *
 * Differs: from the usual loop over `loss / count`, where a short minibatch counts as much as the others and what is left of
 * an epoch is divided by as many as a whole update has.
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
   * @param times how many times each minibatch's rows the update has, where they are not `count` of one size
   * @returns the mean loss of the rows
   */
  gradient(gradient: (k: number) => number, times?: readonly number[]): number {
    const { kernels, grads, sum, count } = this;
    let loss = 0;
    for (let k = 0; k < (times?.length ?? count); k++) {
      const by = times?.[k] ?? count;
      loss += gradient(k) / by;
      kernels[k === 0 ? "scale" : "axpy"](sum, 1 / by, grads);
    }
    kernels.scale(grads, 1, sum);
    return loss;
  }
}
