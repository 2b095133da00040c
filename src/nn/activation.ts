import { wholeNumber } from "../core/checks.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { Pointwise } from "../kernels/operations.generated.ts";
import { LayerBase } from "./layer.ts";

/** y = f(x), element by element. */
abstract class Elementwise extends LayerBase {
  readonly batch;

  constructor(size: number) {
    wholeNumber("activation", "size", size, { min: 1 });
    super(size);
    this.batch = { y: size };
  }
}

/** What the activations share that a matrix product can apply; each says its formula. */
abstract class Activation extends Elementwise {
  abstract override readonly kind: "relu" | "sigmoid" | "tanh";
  private y!: Tensor; // [m, n], of the last forward

  forward(x: Tensor): Tensor {
    if (this.memory.fusion.applied) {
      this.y = x;
    } else {
      this.y = this.memory.batch.y.at(x.rows);
      this.apply(this.memory.kernels, this.y, x);
    }
    return this.y;
  }

  backward(dy: Tensor): Tensor {
    this.applyBackward(this.memory.kernels, dy, dy, this.y);
    return dy;
  }

  /** y = f(x) */
  protected abstract apply(kernels: Kernels, y: Tensor, x: Tensor): void;
  /** dx = f′(x)·dy, told by y; dx may be dy */
  protected abstract applyBackward(kernels: Kernels, dx: Tensor, dy: Tensor, y: Tensor): void;
}

/** y = max(x, 0); dx = dy where y > 0, else 0. */
export class Relu extends Activation {
  readonly kind = "relu";
  readonly activation = this.constructor === Relu ? "relu" : undefined;

  protected apply(kernels: Kernels, y: Tensor, x: Tensor): void {
    kernels.relu(y, x);
  }

  protected applyBackward(kernels: Kernels, dx: Tensor, dy: Tensor, y: Tensor): void {
    kernels.reluBackward(dx, dy, y);
  }
}

/** y = 1/(1 + e^−x); dx = (1 − y)·y·dy. */
export class Sigmoid extends Activation {
  readonly kind = "sigmoid";
  readonly activation = this.constructor === Sigmoid ? "sigmoid" : undefined;

  protected apply(kernels: Kernels, y: Tensor, x: Tensor): void {
    kernels.sigmoid(y, x);
  }

  protected applyBackward(kernels: Kernels, dx: Tensor, dy: Tensor, y: Tensor): void {
    kernels.sigmoidBackward(dx, dy, y);
  }
}

/** y = tanh x; dx = (1 − y²)·dy. */
export class Tanh extends Activation {
  readonly kind = "tanh";
  readonly activation = this.constructor === Tanh ? "tanh" : undefined;

  protected apply(kernels: Kernels, y: Tensor, x: Tensor): void {
    kernels.tanh(y, x);
  }

  protected applyBackward(kernels: Kernels, dx: Tensor, dy: Tensor, y: Tensor): void {
    kernels.tanhBackward(dx, dy, y);
  }
}

/** The others, dx = f′(x)·dy. Their functions stand in `kernels/pointwise.ts`. */
abstract class PointwiseLayer extends Elementwise {
  abstract override readonly kind: Pointwise;
  private x!: Tensor; // [m, n], of the last forward

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

/** Those that the matrix product before them can apply. */
export const fusedActivations = { relu: Relu, sigmoid: Sigmoid, tanh: Tanh } as const;
export const fusedNames = Object.keys(fusedActivations) as (keyof typeof fusedActivations)[];

/** All that are functions of one number, by name. */
export const activations = {
  ...fusedActivations,
  leakyRelu: LeakyRelu,
  elu: Elu,
  selu: Selu,
  softplus: Softplus,
  gelu: Gelu,
  silu: Silu,
} as const;
export type ActivationName = keyof typeof activations;
export const activationNames = Object.keys(activations) as ActivationName[];
