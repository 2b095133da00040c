/**
 * A loop of an update rule over vectors of the arena, the same bits as the one compiled to WASM; undefined where the kernels
 * were not built with it.
 * @param key of the loop, as `formula/loop-names.ts` has it
 * @param vectors where they lie, and where each scalar lies from the first; bytes
 */
export type LoopFinder = (
  key: string,
  vectors: readonly number[],
  scalars: readonly number[],
) => ((begin: number, count: number, scalars: number) => number) | undefined;
