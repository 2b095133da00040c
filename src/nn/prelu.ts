import { finiteNumber } from "../core/checks.ts";
import type { Tensor } from "../core/tensor.ts";
import { type ImageShape, ownColumns } from "./image-shape.ts";
import { LayerBase } from "./layer.ts";

/**
 * PReLU: y = x, or a·x below 0, with a slope `a` for each column that is learnt; of images one for each channel, which all
 * pixels share. He, Zhang, Ren & Sun 2015, §2.1.
 *
 * Backward: dx = dy where x > 0, else a·dy; da = Σ x·dy over x ≤ 0.
 */
export class PRelu extends LayerBase {
  readonly kind = "prelu";
  /** Null where columns stand for themselves. */
  readonly image: ImageShape | null;
  override readonly parameters;
  readonly batch;
  private x!: Tensor; // [m, n], of the last forward

  /**
   * @param input columns of a row, or the image that it is
   * @param start the slopes' first value; the paper's 0.25 when absent
   * @throws HyperError on a size below 1, or a start below 0
   */
  constructor(input: number | ImageShape, start = 0.25) {
    const { image, size, own } = ownColumns("prelu", input);
    finiteNumber("prelu", "start", start, { min: 0 });
    super(size);
    this.image = image;
    // Decay would turn it into ReLU (§2.1).
    this.parameters = { a: { rows: 1, cols: own, decays: false, start } } as const;
    this.batch = { y: size };
  }

  forward(x: Tensor): Tensor {
    const y = this.memory.batch.y.at(x.rows); // [m, n]
    const a = this.memory.params.a.data; // of an image's pixel, whose channels lie together, or of a row
    this.x = x;
    for (let i = 0; i < y.data.length; i++) {
      const value = x.data[i];
      y.data[i] = value > 0 ? value : a[i % a.length] * value;
    }
    return y;
  }

  backward(dy: Tensor): Tensor {
    const a = this.memory.params.a.data;
    const da = this.memory.grads.a.data;
    da.fill(0);
    for (let i = 0; i < dy.data.length; i++) {
      const value = this.x.data[i];
      if (!(value > 0)) {
        da[i % a.length] += value * dy.data[i];
        dy.data[i] *= a[i % a.length];
      }
    }
    return dy;
  }
}
