import { wholeNumber } from "../core/checks.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Pointwise } from "../kernels/operations.generated.ts";
import type { Layer, LayerMemory } from "./layer.ts";

/** y = f(x) element by element; dx = f′(x)·dy. The functions stand in `kernels/pointwise.ts`. */
abstract class PointwiseLayer implements Layer {
  abstract readonly kind: Pointwise;
  readonly inputSize: number;
  readonly outputSize: number;
  readonly parameters = {};
  readonly buffers = {};
  readonly batch;
  private memory!: LayerMemory;
  private x!: Tensor; // [m, n], of the last forward

  constructor(size: number) {
    wholeNumber("activation", "size", size, { min: 1 });
    this.inputSize = size;
    this.outputSize = size;
    this.batch = { y: size };
  }

  attach(memory: LayerMemory): void {
    this.memory = memory;
  }

  forward(x: Tensor): Tensor {
    const y = this.memory.batch.y.at(x.rows); // [m, n]
    this.x = x;
    this.memory.kernels.activate(y, x, this.kind);
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { kernels, batch } = this.memory;
    kernels.activateBackward(dy, dy, this.x, batch.y.at(dy.rows), this.kind);
    return dy;
  }
}

/** y = x, or 0.01·x below 0. */
export class LeakyRelu extends PointwiseLayer {
  readonly kind = "leakyRelu";
}

/** y = x, or eˣ − 1 below 0. */
export class Elu extends PointwiseLayer {
  readonly kind = "elu";
}

/** y = λx, or λα(eˣ − 1) below 0. */
export class Selu extends PointwiseLayer {
  readonly kind = "selu";
}

/** y = ln(1 + eˣ) */
export class Softplus extends PointwiseLayer {
  readonly kind = "softplus";
}

/** y = x·Φ(x) */
export class Gelu extends PointwiseLayer {
  readonly kind = "gelu";
}

/** y = x·σ(x) */
export class Silu extends PointwiseLayer {
  readonly kind = "silu";
}
