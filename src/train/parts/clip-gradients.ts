import { checkBound, checkOptions } from "../../core/checks.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { Kernels } from "../../kernels/kernels.ts";
import type { TrainingPart } from "./training-part.ts";

/** Bounds of the gradients; both may be given: the value first, then the norm, as their names stand. */
export interface Clip {
  /** Each element is cut to [−value, value]. */
  readonly value?: number;
  /** All gradients together are scaled to this Euclidean norm, where theirs is larger. */
  readonly norm?: number;
}

/**
 * Gradient clipping: g ← max(−c, min(c, g)) by value, g ← g·c/‖g‖ where ‖g‖ > c by norm.
 * Pascanu, Mikolov & Bengio 2013, Algorithm 1. Differs: by exactly c/‖g‖; PyTorch divides by ‖g‖ + 1e-6.
 * A norm that is not a number changes nothing: training must show that it has diverged.
 */
export class ClipGradients implements TrainingPart {
  readonly name = "clip";
  readonly tensors = {};
  readonly numbers = {};
  /** ‖g‖ of the last update, before it was clipped by norm; 0 before the first. */
  lastNorm = 0;
  private readonly kernels: Kernels;
  private readonly grads: Tensor;
  private readonly clip: Clip;

  /** @param grads [1, n] @throws HyperError on a bound that is not above 0 */
  constructor(kernels: Kernels, grads: Tensor, clip: Clip) {
    checkOptions("clip", clip, { value: true, norm: true });
    for (const [bound, value] of Object.entries(clip)) {
      if (value !== undefined) {
        checkBound("clip", bound, value);
      }
    }
    this.kernels = kernels;
    this.grads = grads;
    this.clip = clip;
  }

  restore(): void {}

  beforeUpdate(): void {
    const { value, norm } = this.clip;
    const { data } = this.grads;
    if (value !== undefined) {
      for (let i = 0; i < data.length; i++) {
        data[i] = data[i] > value ? value : data[i] < -value ? -value : data[i];
      }
    }
    if (norm !== undefined) {
      this.lastNorm = Math.sqrt(this.kernels.sumOfSquares(this.grads));
      if (this.lastNorm > norm) {
        this.kernels.scale(this.grads, norm / this.lastNorm, this.grads);
      }
    }
  }
}
