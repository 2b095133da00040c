/** Rows of a data set as they are stored: `count` rows of `width` bytes, pixels 0–255. Not in any arena. */
export interface ByteRows {
  readonly data: Uint8Array;
  readonly count: number;
  readonly width: number;
}

/** Rows of numbers that no byte holds: `count` rows of `width` floats, as the network takes them. Not in any arena. */
export interface FloatRows {
  readonly data: Float32Array;
  readonly count: number;
  readonly width: number;
}
