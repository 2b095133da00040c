import { wholeNumber } from "../core/checks.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { Layer, LayerMemory } from "./layer.ts";
import { Elu, Gelu, LeakyRelu, Selu, Silu, Softplus } from "./pointwise-layers.ts";

/** What every elementwise activation shares; each says its formula. */
abstract class Activation implements Layer {
  abstract readonly kind: "relu" | "sigmoid" | "tanh";
  readonly inputSize: number;
  readonly outputSize: number;
  readonly parameters = {};
  readonly buffers = {};
  readonly batch;
  private memory!: LayerMemory;
  private y!: Tensor; // [m, n], of the last forward

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
