import { wholeNumber } from "../core/checks.ts";
import { ShapeError } from "../core/errors.ts";
import type { Tensor } from "../core/tensor.ts";
import { LayerBase } from "./layer.ts";

/**
 * Maxout: y_j = max(x_jk, …, x_jk+k−1), the largest of k neighbouring columns; behind an Affine of k·n units it makes n
 * convex functions that are learnt. Goodfellow, Warde-Farley, Mirza, Courville & Bengio 2013, §3.
 *
 * Backward: dx = dy where the maximum was (the first of equals), else 0.
 */
export class Maxout extends LayerBase {
  readonly kind = "maxout";
  readonly pieces: number;
  readonly batch;
  private x!: Tensor; // [m, n·k], of the last forward

  /** @throws ShapeError when the columns cannot be shared out among units of `pieces` each */
  constructor(inputSize: number, pieces: number) {
    wholeNumber("maxout", "inputSize", inputSize, { min: 1 });
    wholeNumber("maxout", "pieces", pieces, { min: 1 });
    if (inputSize % pieces !== 0) {
      throw new ShapeError({
        en: `maxout: inputSize must be a multiple of pieces, got ${inputSize} and ${pieces}. Give the layer before ${pieces} units for each output.`,
        ja: `maxout: inputSize は pieces の倍数でなければなりません(${inputSize} と ${pieces} でした)。前の層のニューロン数を、出力1つにつき ${pieces} 個にしてください。`,
      });
    }
    super(inputSize, inputSize / pieces);
    this.pieces = pieces;
    this.batch = { y: this.outputSize, dx: inputSize };
  }

  forward(x: Tensor): Tensor {
    const { pieces } = this;
    const y = this.memory.batch.y.at(x.rows); // [m, n]
    this.x = x;
    for (let i = 0; i < y.data.length; i++) {
      y.data[i] = x.data[this.largest(x, i * pieces)];
    }
    return y;
  }

  backward(dy: Tensor): Tensor {
    const dx = this.memory.batch.dx.at(dy.rows); // [m, n·k]
    dx.data.fill(0);
    for (let i = 0; i < dy.data.length; i++) {
      dx.data[this.largest(this.x, i * this.pieces)] = dy.data[i];
    }
    return dx;
  }

  /** Where the first largest of the columns from `from` on is; the first NaN, if there is one. */
  private largest({ data }: Tensor, from: number): number {
    let best = from;
    for (let at = from + 1; at < from + this.pieces; at++) {
      if (data[at] > data[best] || (Number.isNaN(data[at]) && !Number.isNaN(data[best]))) {
        best = at;
      }
    }
    return best;
  }
}
