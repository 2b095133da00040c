import type { ByteRows } from "../kernels/kernels.ts";

/** Rows and their labels; the bytes may lie in a SharedArrayBuffer, so that workers read one copy. */
export interface Split {
  /** count rows of `width` bytes, 0–255 */
  readonly images: ByteRows;
  /** one class a row, in [0, classes) */
  readonly labels: Uint8Array;
}

/** A labelled data set in two parts, in file order. */
export interface Dataset {
  readonly name: string;
  readonly classes: number;
  readonly train: Split;
  readonly test: Split;
}
