import type { WeightImages } from "../core/snapshot.ts";
import type { Sequential } from "../nn/sequential.ts";
import { weightMatrices } from "./diagnostics.ts";

/** Units of the first layer that are shown. */
const mostUnits = 100;

/** The first layer's weights, unit by unit. Weights that are NaN become 0, infinite ones ±127. */
export function weightImages(network: Sequential): WeightImages {
  const { value, shape } = weightMatrices(network)[0]; // [inputs, units]
  const shown = Math.min(mostUnits, shape.cols);
  const { rows, columns } = imageShape(shape.rows);
  let scale = 0;
  for (let i = 0; i < shape.rows; i++) {
    for (let unit = 0; unit < shown; unit++) {
      const size = Math.abs(value.data[i * shape.cols + unit]);
      scale = size > scale && size !== Number.POSITIVE_INFINITY ? size : scale;
    }
  }
  const pixels = new Int8Array(shown * shape.rows);
  const factor = scale === 0 ? 0 : 127 / scale;
  for (let unit = 0; unit < shown; unit++) {
    for (let i = 0; i < shape.rows; i++) {
      // NaN becomes 0 in an array of bytes.
      pixels[unit * shape.rows + i] = Math.round(
        Math.max(-127, Math.min(127, factor * value.data[i * shape.cols + unit])),
      );
    }
  }
  return { shown, units: shape.cols, rows, columns, scale, pixels };
}

/** A square where the width is one (784 is 28 × 28), else one row. */
export function imageShape(width: number): { rows: number; columns: number } {
  const side = Math.round(Math.sqrt(width));
  return side * side === width ? { rows: side, columns: side } : { rows: 1, columns: width };
}
