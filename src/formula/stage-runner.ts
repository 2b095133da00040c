import type { ElementStage } from "./program.ts";

/** Runs the loops and norms of one program over its vectors. Two implementations give the same bits. */
export interface StageRunner {
  readonly compiled: boolean;
  /**
   * Elements begin … begin + count − 1.
   * @param scalars values in the order of `program.scalars`; for a compiled rule they lie in its memory
   * @returns a norm's or a sum's value; 0 for a loop
   */
  run(stage: ElementStage, begin: number, count: number, scalars: Float64Array): number;
}
