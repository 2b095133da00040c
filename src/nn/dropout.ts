import { finiteNumber, oneOf, wholeNumber } from "../core/checks.ts";
import type { Tensor } from "../core/tensor.ts";
import { LayerBase, type Mode } from "./layer.ts";

export const dropoutVariants = ["book", "inverted"] as const;
/** `book`: kept outputs stay as they are and evaluation multiplies by (1 − ratio); `inverted`: training divides instead. */
export type DropoutVariant = (typeof dropoutVariants)[number];

/**
 * Dropout: in training each output is set to 0 with probability `ratio`, by a mask drawn anew for each batch.
 * Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014, §4.
 *
 * Backward: dx = mask·dy.
 */
export class Dropout extends LayerBase {
  readonly kind = "dropout";
  readonly batch;
  readonly ratio: number;
  readonly variant: DropoutVariant;

  /** @throws HyperError when `ratio` is outside [0, 1), or on an unknown variant */
  constructor(size: number, ratio: number, variant: DropoutVariant) {
    wholeNumber("dropout", "size", size, { min: 1 });
    finiteNumber("dropout", "dropRatio", ratio, { min: 0, below: 1 });
    oneOf("dropout", "variant", variant, dropoutVariants);
    super(size);
    this.batch = { y: size, mask: size };
    this.ratio = ratio;
    this.variant = variant;
  }

  forward(x: Tensor, mode: Mode): Tensor {
    const { kernels, batch } = this.memory;
    const y = batch.y.at(x.rows); // [m, n]
    if (mode === "evaluate") {
      kernels.scale(y, this.variant === "book" ? 1 - this.ratio : 1, x);
      return y;
    }
    const mask = batch.mask.at(x.rows); // [m, n]
    this.draw(mask);
    kernels.multiply(y, x, mask);
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { kernels, batch } = this.memory;
    kernels.multiply(dy, dy, batch.mask.at(dy.rows));
    return dy;
  }

  /** Keeps where rand > ratio, row by row. */
  private draw(mask: Tensor): void {
    const random = this.memory.random();
    const keep = this.variant === "book" ? 1 : 1 / (1 - this.ratio);
    const { data } = mask;
    const { ratio } = this;
    for (let i = 0; i < data.length; i++) {
      // Rounded up, what is above the ratio becomes 1, the rest 0 or −0: a condition would be mispredicted at random.
      data[i] = keep * (Math.ceil(random.double() - ratio) + 0);
    }
  }
}
