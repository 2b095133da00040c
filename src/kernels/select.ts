import type { Dtype } from "../core/tensor.ts";
import type { Backend, KernelSet } from "./kernels.ts";
import { referenceKernels } from "./reference.ts";

/** The kernels of a backend. */
export function selectKernels({ dtype }: { backend: Backend; dtype: Dtype }): KernelSet {
  return referenceKernels(dtype);
}
