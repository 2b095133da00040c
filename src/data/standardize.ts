import type { FloatRows } from "../core/rows.ts";

/** Rows of numbers as they stand in a table: `count` rows of `width`, exact in float64 unless they come as float32. */
export interface TableRows {
  readonly data: Float64Array | Float32Array;
  readonly count: number;
  readonly width: number;
}

/** Mean and standard deviation of each column; plain JSON, to be kept with what learnt from the scaled rows. */
export interface ColumnScales {
  readonly mean: readonly number[];
  /** 1 of a column that never changes. */
  readonly std: readonly number[];
  /** Which columns never change: whatever their value in another row, it becomes 0, since nothing was learnt of it. */
  readonly constant?: readonly boolean[];
}

/**
 * The scales of the given rows: of the training rows, so that nothing is learnt from the others. Reckoned from the
 * differences to the first row, in units of the largest: seconds since 1970 keep their digits, a column that never changes
 * is found exactly, and neither 1e-300 nor 1e300 leaves float64 when it is squared.
 */
export function columnScales({ data, width }: TableRows, rows: Int32Array): ColumnScales {
  const mean = new Array<number>(width).fill(0);
  const std = new Array<number>(width).fill(1);
  const constant = new Array<boolean>(width).fill(true);
  for (let j = 0; j < width; j++) {
    const origin = rows.length === 0 ? 0 : data[rows[0] * width + j];
    const largestOf = (share: number) => {
      let largest = 0;
      for (const row of rows) {
        largest = Math.max(largest, Math.abs(data[row * width + j] * share - origin * share));
      }
      return largest;
    };
    // Numbers near both ends of float64 lie further apart than it reaches.
    const share = Number.isFinite(largestOf(1)) ? 1 : 0.25;
    const largest = largestOf(share);
    mean[j] = origin;
    if (largest === 0) {
      continue;
    }
    constant[j] = false;
    const part = (row: number) => (data[row * width + j] * share - origin * share) / largest;
    let sum = 0;
    for (const row of rows) {
      sum += part(row);
    }
    const middle = sum / rows.length;
    let squares = 0;
    for (const row of rows) {
      squares += (part(row) - middle) ** 2;
    }
    mean[j] = (origin * share + middle * largest) / share;
    std[j] = (Math.sqrt(squares / rows.length) * largest) / share;
  }
  return { mean, std, constant };
}

/** One value less its column's mean and divided by its deviation. */
export function scaled(value: number, { mean, std, constant }: ColumnScales, j: number): number {
  if (constant?.[j]) {
    return 0;
  }
  const distance = value - mean[j];
  return Number.isFinite(distance) ? distance / std[j] : value / std[j] - mean[j] / std[j];
}

/** The given rows, each column less its mean and divided by its deviation, in float64, then rounded to float32. */
export function standardized({ data, width }: TableRows, rows: Int32Array, scales: ColumnScales): FloatRows {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    for (let j = 0; j < width; j++) {
      out[i * width + j] = scaled(data[row * width + j], scales, j);
    }
  });
  return { data: out, count: rows.length, width };
}
