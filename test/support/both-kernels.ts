import type { KernelSet, Kernels } from "../../src/kernels/kernels.ts";
import { bytesFor } from "../../src/kernels/planned.ts";
import { referenceKernels } from "../../src/kernels/reference.ts";

/**
 * What `work` gives on a kernel set and on the reference, each in memory just large enough. It runs once before them where
 * tensors have no elements, and must bear that.
 */
export function both<R>(set: KernelSet, work: (kernels: Kernels) => R): [fast: R, reference: R] {
  const bytes = bytesFor(set.dtype, work);
  return [work(set.open(bytes)), work(referenceKernels(set.dtype).open(bytes))];
}
