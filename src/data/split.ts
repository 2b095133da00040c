import type { ByteRows, FloatRows } from "../core/rows.ts";

/** One class a row. Wider numbers are for more classes than a byte holds. */
export type Labels = Uint8Array | Uint16Array | Int32Array;

/** Classes that a data set may have: each has a number of 16 bits. */
export const mostLabels = 65_535;

/** Room for so many labels of so many classes. */
export function labelArray(count: number, classes: number): Uint8Array | Uint16Array {
  return classes > 256 ? new Uint16Array(count) : new Uint8Array(count);
}

/** Room for so many labels as wide as the given ones. */
function labelsLike(labels: Labels, count: number): Labels {
  if (labels instanceof Uint8Array) {
    return new Uint8Array(count);
  }
  return labels instanceof Uint16Array ? new Uint16Array(count) : new Int32Array(count);
}

/** The labels at the given row numbers, copied. */
export function selectLabels(labels: Labels, rows: readonly number[] | Int32Array): Labels {
  const chosen = labelsLike(labels, rows.length);
  rows.forEach((row: number, i: number) => {
    chosen[i] = labels[row];
  });
  return chosen;
}

/** Rows and their labels; the bytes may lie in a SharedArrayBuffer, so that workers read one copy. */
export interface Split {
  /** count rows of `width` bytes, 0–255 */
  readonly images: ByteRows;
  /** one class a row, in [0, classes) */
  readonly labels: Labels;
}

/** Rows of real numbers and their labels: tables and drawn points, already scaled. */
export interface FloatSplit {
  readonly images: FloatRows;
  /** one class a row, in [0, classes) */
  readonly labels: Labels;
}

/** What batches may be gathered from. */
export type AnySplit = Split | FloatSplit;
