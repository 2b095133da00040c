import type { FloatRows } from "../core/float-rows.ts";

/** Mean and standard deviation of each column. A column that never changes has deviation 1, and so becomes 0. */
export interface ColumnScales {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** The scales of the given rows: of the training rows, so that nothing is learnt from the others. */
export function columnScales({ data, width }: FloatRows, rows: Int32Array): ColumnScales {
  const mean = new Array<number>(width).fill(0);
  const std = new Array<number>(width).fill(0);
  for (const row of rows) {
    for (let j = 0; j < width; j++) {
      mean[j] += data[row * width + j] / rows.length;
    }
  }
  for (const row of rows) {
    for (let j = 0; j < width; j++) {
      std[j] += (data[row * width + j] - mean[j]) ** 2 / rows.length;
    }
  }
  return { mean, std: std.map((variance) => (variance > 0 ? Math.sqrt(variance) : 1)) };
}

/** The given rows, each column less its mean and divided by its deviation. */
export function standardized({ data, width }: FloatRows, rows: Int32Array, { mean, std }: ColumnScales): FloatRows {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    for (let j = 0; j < width; j++) {
      out[i * width + j] = (data[row * width + j] - mean[j]) / std[j];
    }
  });
  return { data: out, count: rows.length, width };
}
