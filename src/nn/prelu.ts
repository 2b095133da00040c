import { finiteNumber, wholeNumber } from "../core/checks.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Layer, LayerMemory } from "./layer.ts";

/**
 * PReLU: y = x, or a·x below 0, with a slope `a` for each column that is learnt. He, Zhang, Ren & Sun 2015, §2.1.
 *
 * Backward: dx = dy where x > 0, else a·dy; da = Σ_rows x·dy over x ≤ 0.
 */
export class PRelu implements Layer {
  readonly kind = "prelu";
  readonly inputSize: number;
  readonly outputSize: number;
  readonly parameters;
  readonly buffers = {};
  readonly batch;
  private memory!: LayerMemory;
  private x!: Tensor; // [m, n], of the last forward

  /** @param start the slopes' first value; the paper's 0.25 when absent */
  constructor(size: number, start = 0.25) {
    wholeNumber("prelu", "size", size, { min: 1 });
    finiteNumber("prelu", "start", start, { min: 0 });
    this.inputSize = size;
    this.outputSize = size;
    // Decay would turn it into ReLU (§2.1).
    this.parameters = { a: { rows: 1, cols: size, decays: false, start } } as const;
    this.batch = { y: size };
  }

  attach(memory: LayerMemory): void {
    this.memory = memory;
  }

  forward(x: Tensor): Tensor {
    const y = this.memory.batch.y.at(x.rows); // [m, n]
    const n = x.cols;
    const a = this.memory.params.a.data; // [1, n]
    this.x = x;
    for (let i = 0; i < y.data.length; i++) {
      const value = x.data[i];
      y.data[i] = value > 0 ? value : a[i % n] * value;
    }
    return y;
  }

  backward(dy: Tensor): Tensor {
    const n = dy.cols;
    const a = this.memory.params.a.data;
    const da = this.memory.grads.a.data;
    da.fill(0);
    for (let i = 0; i < dy.data.length; i++) {
      const value = this.x.data[i];
      if (!(value > 0)) {
        da[i % n] += value * dy.data[i];
        dy.data[i] *= a[i % n];
      }
    }
    return dy;
  }
}
