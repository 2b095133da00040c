import { wholeNumber } from "../core/checks.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Layer, LayerMemory } from "./layer.ts";
import { type Pointwise, type PointwiseName, pointwise } from "./pointwise.ts";

/** y = f(x) element by element; dx = f′(x)·dy. The functions stand in `pointwise.ts`. */
abstract class PointwiseLayer implements Layer {
  abstract readonly kind: PointwiseName;
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
    const { f }: Pointwise = pointwise[this.kind];
    const y = this.memory.batch.y.at(x.rows); // [m, n]
    this.x = x;
    const [X, Y] = [x.data, y.data];
    for (let i = 0; i < Y.length; i++) {
      Y[i] = f(X[i]);
    }
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { slope }: Pointwise = pointwise[this.kind];
    const [X, Y, DY] = [this.x.data, this.memory.batch.y.at(dy.rows).data, dy.data];
    for (let i = 0; i < DY.length; i++) {
      DY[i] *= slope(X[i], Y[i]);
    }
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
