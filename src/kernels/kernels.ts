import type { Arena } from "../core/arena.ts";
import type { LoopFinder } from "../core/loop-finder.ts";
import type { Dtype } from "../core/tensor.ts";
import type { Operations } from "./operations.generated.ts";

/** Activations that the matrix product can apply as it writes its result. */
export type { Activation as FusedActivation } from "./operations.generated.ts";
export type { WindowOver } from "./window-places.ts";

export const kernelNames = [
  "native-avx512",
  "native-avx2",
  "native-neon",
  "native-generic",
  "wasm-relaxed",
  "wasm-simd",
  "reference",
] as const;
export type KernelName = (typeof kernelNames)[number];

/** What a user may ask for; `wasm-simd` and `wasm-relaxed` name one of the two WASM builds. */
export const backends = ["auto", "native", "wasm", "wasm-simd", "wasm-relaxed", "reference"] as const;
export type Backend = (typeof backends)[number];

/** A loaded set of kernels, from which arenas are opened. */
export interface KernelSet {
  readonly name: KernelName;
  readonly dtype: Dtype;
  /** A new arena with room for `bytes` of tensors, and these kernels bound to it. */
  open(bytes: number): Kernels;
}

/**
 * The arithmetic of training over tensors of one arena: what each operation does stands in `table.ts`. Every method checks
 * shapes and indices (ShapeError), writes its result into its first arguments and allocates nothing. What is written never
 * overlaps an input unless the method says so.
 * NaN and Infinity pass through as IEEE 754 says; zero rows, columns or depth are allowed. Below the smallest normal
 * number a result may be 0 and an operand may be taken for 0: the fast kernels never leave a subnormal number behind.
 */
export interface Kernels extends Operations {
  readonly name: KernelName;
  readonly dtype: Dtype;
  readonly arena: Arena;
  /** Where these kernels bring loops of update rules with them, as native ones do. */
  readonly loopOf?: LoopFinder;
}
