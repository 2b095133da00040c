import type { IntTensor, Tensor } from "../core/tensor.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { BatchTensor } from "./layer.ts";

/**
 * Softmax and cross entropy in one: loss = −mean over the rows of ln(p[label] + 1e-7), p = softmax of the logits.
 *
 * Backward: dx = (p − onehot)/m. Differs: the 1e-7 is ignored in the gradient, as in the book.
 */
export class SoftmaxCrossEntropy {
  private readonly kernels: Kernels;
  private readonly probs: BatchTensor;
  private readonly dx: BatchTensor;

  /** @param probs, dx [rows, classes] each, for the largest batch */
  constructor(kernels: Kernels, probs: Tensor, dx: Tensor) {
    this.kernels = kernels;
    this.probs = new BatchTensor(probs);
    this.dx = new BatchTensor(dx);
  }

  /** logits [m, classes], labels [1, m] → the sum of the rows' losses */
  forward(logits: Tensor, labels: IntTensor): number {
    return this.kernels.softmaxCrossEntropy(this.probs.at(logits.rows), logits, labels);
  }

  /** → dx [m, classes] of the mean loss, for the last forward */
  backward(labels: IntTensor): Tensor {
    const dx = this.dx.at(labels.cols);
    this.kernels.softmaxCrossEntropyBackward(dx, this.probs.at(labels.cols), labels);
    return dx;
  }
}
