/** Rows of a data set as they are stored: `count` rows of `width` bytes, pixels 0–255. Not in any arena. */
export interface ByteRows {
  readonly data: Uint8Array;
  readonly count: number;
  readonly width: number;
}
