import type { RandomStream } from "../core/random.ts";
import type { Tensor } from "../core/tensor.ts";
import type { FusedActivation, Kernels } from "../kernels/kernels.ts";

/** In training, Batch Normalization uses the batch's statistics and Dropout drops; in evaluation neither does. */
export type Mode = "train" | "evaluate";
export const modes: readonly Mode[] = ["train", "evaluate"];

export interface Shape {
  readonly rows: number;
  readonly cols: number;
}

export interface ParameterShape extends Shape {
  /** Weight decay applies: true for weights, false for biases, γ and β. */
  readonly decays: boolean;
  /** Value at the start; weights are drawn by an initialiser instead. */
  readonly start: "drawn" | number;
}

/** A tensor with as many rows as the batch at hand: views of one allocation, made once a row count. */
export class BatchTensor {
  private readonly full: Tensor;
  private readonly views = new Map<number, Tensor>();

  constructor(full: Tensor) {
    this.full = full;
  }

  /** [rows, cols] */
  at(rows: number): Tensor {
    let view = this.views.get(rows);
    if (view === undefined) {
      view = this.full.firstRows(rows);
      this.views.set(rows, view);
    }
    return view;
  }
}

/** What a layer and its neighbours do for one another, as a network plans it. */
export interface Fusion {
  /** The activation right behind, which the layer applies as it writes its product; "none" where it stands alone. */
  readonly activation: FusedActivation;
  /** The layer before has applied this one's function: its x is its y already. */
  readonly applied: boolean;
}

/** What a layer works with once its network has been placed in an arena; tensors by the names the layer gave. */
export interface LayerMemory {
  readonly kernels: Kernels;
  readonly fusion: Fusion;
  readonly params: Readonly<Record<string, Tensor>>;
  readonly grads: Readonly<Record<string, Tensor>>;
  readonly buffers: Readonly<Record<string, Tensor>>;
  readonly batch: Readonly<Record<string, BatchTensor>>;
  /** The stream that Dropout draws its masks from. */
  readonly random: () => RandomStream;
}

/**
 * A layer with a hand-written backward pass. A layer is first a plan (shapes), then placed in memory by `attach`.
 * `backward` belongs to the last `forward` in training mode, whose inputs and outputs must still be there.
 */
export interface Layer {
  readonly kind: string;
  readonly inputSize: number;
  readonly outputSize: number;
  /** Learnt; their gradients have the same shapes. */
  readonly parameters: Readonly<Record<string, ParameterShape>>;
  /** Kept but not learnt, such as running statistics; zero at the start. */
  readonly buffers: Readonly<Record<string, Shape>>;
  /** Columns of the tensors that have a row for each row of the batch: outputs, caches, gradients. */
  readonly batch: Readonly<Record<string, number>>;
  /** It ends in a matrix product that can apply the activation behind it ({@link LayerMemory.fusion}). */
  readonly product?: boolean;
  /** It is this function and nothing else, so that a product may apply it. */
  readonly activation?: FusedActivation;

  attach(memory: LayerMemory): void;
  /** x [m, inputSize] → y [m, outputSize] */
  forward(x: Tensor, mode: Mode): Tensor;
  /**
   * dy [m, outputSize] → dx [m, inputSize], and the parameters' gradients on the way. `dy` may be overwritten.
   * With `needed` "params" dx is not computed and null comes back: the first layer's input needs no gradient.
   */
  backward(dy: Tensor, needed: "all" | "params"): Tensor | null;
}

/** What most layers share: sizes, a place in memory, and nothing learnt or kept unless they say so. */
export abstract class LayerBase implements Layer {
  abstract readonly kind: string;
  readonly inputSize: number;
  readonly outputSize: number;
  readonly parameters: Layer["parameters"] = {};
  readonly buffers: Layer["buffers"] = {};
  abstract readonly batch: Layer["batch"];
  protected memory!: LayerMemory;

  constructor(inputSize: number, outputSize = inputSize) {
    this.inputSize = inputSize;
    this.outputSize = outputSize;
  }

  attach(memory: LayerMemory): void {
    this.memory = memory;
  }

  abstract forward(x: Tensor, mode: Mode): Tensor;
  abstract backward(dy: Tensor, needed: "all" | "params"): Tensor | null;
}

/** Whether an initialiser draws something of it: a layer with weights, or a block of such. */
export function hasWeights({ parameters }: Layer): boolean {
  return Object.values(parameters).some(({ start }) => start === "drawn");
}
