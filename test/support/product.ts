import type { Tensor } from "../../src/core/tensor.ts";
import type { FusedActivation, Kernels } from "../../src/kernels/kernels.ts";

/** Which sides of a product lie turned round: NN a[m,k]·b[k,n], NT b[n,k], TN a[k,m]. */
export type Form = "NN" | "NT" | "TN";

/** Room for a product of m × k by k × n as its form has it. */
export function openProduct(kernels: Kernels, form: Form, m: number, n: number, k: number) {
  const { arena } = kernels;
  const a = form === "TN" ? arena.floats(k, m) : arena.floats(m, k);
  const b = form === "NT" ? arena.floats(n, k) : arena.floats(k, n);
  const out = arena.floats(m, n);
  /** Bias and activation are of NN alone. */
  const multiply = (to: Tensor = out, bias: Tensor | null = null, activation: FusedActivation = "none") => {
    if (form === "NN") {
      kernels.matmul(to, a, b, bias, activation);
    } else if (form === "NT") {
      kernels.matmulNT(to, a, b);
    } else {
      kernels.matmulTN(to, a, b);
    }
  };
  return { a, b, out, multiply };
}
