import { wholeNumber } from "../core/checks.ts";
import type { Tensor } from "../core/tensor.ts";
import { LayerBase } from "./layer.ts";

/**
 * y = x·W + b, with W [in, out] and b [1, out].
 *
 * Backward: dW = xᵀ·dy, db = Σ_rows dy, dx = dy·Wᵀ.
 */
export class Affine extends LayerBase {
  readonly kind = "affine";
  override readonly parameters;
  readonly batch;
  /** What is derived from this class computes itself, whatever it overrides. */
  readonly product = this.constructor === Affine;
  private x!: Tensor; // [m, in], of the last forward

  /** @throws HyperError on a size below 1 */
  constructor(inputSize: number, outputSize: number) {
    wholeNumber("affine", "inputSize", inputSize, { min: 1 });
    wholeNumber("affine", "outputSize", outputSize, { min: 1 });
    super(inputSize, outputSize);
    this.parameters = {
      W: { rows: inputSize, cols: outputSize, decays: true, start: "drawn" },
      b: { rows: 1, cols: outputSize, decays: false, start: 0 },
    } as const;
    this.batch = { y: outputSize, dx: inputSize };
  }

  forward(x: Tensor): Tensor {
    const { kernels, params, batch, fusion } = this.memory;
    const y = batch.y.at(x.rows); // [m, out]
    kernels.matmul(y, x, params.W, params.b, fusion.activation);
    this.x = x;
    return y;
  }

  backward(dy: Tensor, needed: "all" | "params"): Tensor | null {
    const { kernels, params, grads, batch } = this.memory;
    kernels.matmulTN(grads.W, this.x, dy); // [in, out] = [m, in]ᵀ · [m, out]
    kernels.columnSums(grads.b, dy); // [1, out]
    if (needed === "params") {
      return null;
    }
    const dx = batch.dx.at(dy.rows); // [m, in] = [m, out] · [in, out]ᵀ
    kernels.matmulNT(dx, dy, params.W);
    return dx;
  }
}
