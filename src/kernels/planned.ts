import { Arena } from "../core/arena.ts";
import type { Dtype } from "../core/tensor.ts";
import type { KernelSet, Kernels } from "./kernels.ts";
import { functionNames, type Operations } from "./operations.generated.ts";

/**
 * Makes things that live in one arena, whatever they are, in an arena with just the room for them:
 *
 * ```ts
 * const { network, x } = planned(kernels, (kernels) => {
 *   const network = new Sequential({ kernels, layers, maxRows: 32 });
 *   return { network, x: kernels.arena.floats(32, network.inputSize) };
 * });
 * ```
 *
 * `build` runs twice: first over an arena that only counts, where tensors have shapes and no elements, then for real. So it
 * places, and leaves filling, drawing from a random stream and computing to what comes after it. Kernels that have an arena
 * already are handed on: what is planned may be part of a larger plan.
 * @throws HyperError when there is no such memory, saying how much is needed and before anything is allocated
 */
export function planned<T>(kernels: KernelSet | Kernels, build: (kernels: Kernels) => T): T {
  return build(roomFor(kernels, build));
}

/** Kernels on an arena with just the room that `build` takes of it; those that have an arena are given back. */
export function roomFor(kernels: KernelSet | Kernels, build: (kernels: Kernels) => unknown): Kernels {
  return "open" in kernels ? kernels.open(bytesFor(kernels.dtype, build)) : kernels;
}

/** Bytes that `build` takes of an arena. */
export function bytesFor(dtype: Dtype, build: (kernels: Kernels) => unknown): number {
  const arena = Arena.counting(dtype);
  // As plain as the reference's: for others, update rules would be compiled.
  build({ name: "reference", dtype, arena, ...nothing });
  return arena.used;
}

/** There is nothing to compute with. */
const nothing = Object.fromEntries(functionNames.map(([operation]) => [operation, () => 0])) as unknown as Operations;
