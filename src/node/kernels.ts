import { checkOptions } from "../core/checks.ts";
import type { Dtype } from "../core/tensor.ts";
import type { Backend, KernelSet } from "../kernels/kernels.ts";
import { type NativeProvider, selectKernels as select } from "../kernels/select.ts";
import { nativeKernels, whyNoNative } from "./native-kernels.ts";

/** The native kernels of Node. */
export const nodeNative: NativeProvider = { kernels: nativeKernels, why: whyNoNative };

/** As `kernels/select.ts`, with Node's native kernels. @throws DataError */
export function selectKernels(options: { backend: Backend; dtype: Dtype }): KernelSet {
  checkOptions("selectKernels", options, { backend: true, dtype: true });
  return select({ ...options, native: nodeNative });
}
