import type { Tensor } from "../core/tensor.ts";
import type { Kernels } from "../kernels/kernels.ts";

/** What a loss adds for the size of the weights; 0 adds nothing. */
export interface Penalties {
  /** λ of ½·λ·ΣW², weight decay. */
  readonly l2: number;
  /** λ of λ·Σ|W|. */
  readonly l1: number;
}

/** A parameter as far as a penalty goes: only those whose shape says so decay. */
interface Penalized {
  readonly shape: { readonly decays: boolean };
  readonly value: Tensor;
  readonly grad: Tensor;
}

/** ½·λ₂·ΣW² + λ₁·Σ|W| */
export function penaltyOf(kernels: Kernels, parameters: readonly Penalized[], { l2, l1 }: Penalties): number {
  const weights = parameters.filter(({ shape }) => shape.decays);
  let penalty = 0;
  if (l2 !== 0) {
    let sum = 0;
    for (const { value } of weights) {
      sum += kernels.sumOfSquares(value);
    }
    penalty = 0.5 * l2 * sum;
  }
  if (l1 !== 0) {
    for (const { value } of weights) {
      penalty += l1 * sumOfSizes(value);
    }
  }
  return penalty;
}

/** dW += λ₂·W + λ₁·sign(W) */
export function addPenaltyGradient(kernels: Kernels, parameters: readonly Penalized[], { l2, l1 }: Penalties): void {
  for (const { shape, value, grad } of parameters) {
    if (shape.decays && l2 !== 0) {
      kernels.axpy(grad, l2, value);
    }
    if (shape.decays && l1 !== 0) {
      addSigns(grad, l1, value);
    }
  }
}

/** grad += λ·sign(w); nothing where w is 0. */
function addSigns({ data: grad }: Tensor, lambda: number, { data: w }: Tensor): void {
  for (let i = 0; i < grad.length; i++) {
    grad[i] += lambda * Math.sign(w[i]);
  }
}

function sumOfSizes({ data }: Tensor): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    sum += Math.abs(data[i]);
  }
  return sum;
}
