/** Rows of numbers that no byte holds: `count` rows of `width` floats, as the network takes them. Not in any arena. */
export interface FloatRows {
  readonly data: Float32Array;
  readonly count: number;
  readonly width: number;
}
