import { checkOptions } from "../core/checks.ts";
import type { Tensor } from "../core/tensor.ts";
import type { WindowOver } from "../kernels/kernels.ts";
import { checkImage, type ImageShape, imageSize, type Window, windowed } from "./image-shape.ts";
import type { Layer, LayerMemory } from "./layer.ts";

export interface PoolOptions {
  /** Side of the window. */
  readonly size: number;
  /** As `size` when absent: windows that touch and do not overlap. */
  readonly stride?: number;
  /** 0 when absent. */
  readonly padding?: number;
}

/** What pooling layers share: windows over an image, each channel by itself. */
abstract class Pool implements Layer {
  abstract readonly kind: "maxPool" | "averagePool";
  readonly inputSize: number;
  readonly outputSize: number;
  readonly input: ImageShape;
  readonly output: ImageShape;
  readonly window: Window;
  readonly parameters = {};
  readonly buffers = {};
  readonly batch;
  protected readonly over: WindowOver;
  protected memory!: LayerMemory;

  /** @throws HyperError, ShapeError when the window does not fit into the image */
  constructor(input: ImageShape, options: PoolOptions) {
    checkOptions("pool", options, { size: true, stride: true, padding: true });
    const { size, stride = size, padding = 0 } = options;
    this.window = { size, stride, padding };
    this.over = { ...input, ...this.window };
    this.input = input;
    this.output = windowed("pool", input, this.window);
    this.inputSize = imageSize(input);
    this.outputSize = imageSize(this.output);
    this.batch = { y: this.outputSize, dx: this.inputSize };
  }

  attach(memory: LayerMemory): void {
    this.memory = memory;
  }

  abstract forward(x: Tensor): Tensor;
  abstract backward(dy: Tensor): Tensor;
}

/**
 * The largest value of each window; what lies beyond the border does not count. Backward: dy goes to the place of the
 * maximum, the first of equals.
 */
export class MaxPool extends Pool {
  readonly kind = "maxPool";
  private x!: Tensor; // [m, height·width·channels], of the last forward

  forward(x: Tensor): Tensor {
    const y = this.memory.batch.y.at(x.rows);
    this.x = x;
    this.memory.kernels.maxPool(y, x, this.over);
    return y;
  }

  backward(dy: Tensor): Tensor {
    const dx = this.memory.batch.dx.at(dy.rows);
    this.memory.kernels.maxPoolBackward(dx, dy, this.x, this.over);
    return dx;
  }
}

/** The mean of each window, zeros beyond the border included (size² values always). Backward: dy/size² to each place. */
export class AveragePool extends Pool {
  readonly kind = "averagePool";

  forward(x: Tensor): Tensor {
    const y = this.memory.batch.y.at(x.rows);
    this.memory.kernels.averagePool(y, x, this.over);
    return y;
  }

  backward(dy: Tensor): Tensor {
    const dx = this.memory.batch.dx.at(dy.rows);
    this.memory.kernels.averagePoolBackward(dx, dy, this.over);
    return dx;
  }
}

/**
 * The mean of each channel over the whole image: height·width·channels values become channels. Lin, Chen & Yan 2014, §3.2.
 * Backward: dx = dy/(height·width).
 */
export class GlobalAveragePool implements Layer {
  readonly kind = "globalAveragePool";
  readonly inputSize: number;
  readonly outputSize: number;
  readonly input: ImageShape;
  readonly parameters = {};
  readonly buffers = {};
  readonly batch;
  private memory!: LayerMemory;

  constructor(input: ImageShape) {
    checkImage("globalAveragePool", input);
    this.input = input;
    this.inputSize = imageSize(input);
    this.outputSize = input.channels;
    this.batch = { y: this.outputSize, dx: this.inputSize };
  }

  attach(memory: LayerMemory): void {
    this.memory = memory;
  }

  forward(x: Tensor): Tensor {
    const y = this.memory.batch.y.at(x.rows); // [m, channels]
    const { channels } = this.input;
    const share = channels / this.inputSize;
    y.data.fill(0);
    this.eachPixel(x.rows, (at, to) => {
      for (let c = 0; c < channels; c++) {
        y.data[to + c] += x.data[at + c] * share;
      }
    });
    return y;
  }

  backward(dy: Tensor): Tensor {
    const dx = this.memory.batch.dx.at(dy.rows);
    const { channels } = this.input;
    const share = channels / this.inputSize;
    this.eachPixel(dy.rows, (at, from) => {
      for (let c = 0; c < channels; c++) {
        dx.data[at + c] = dy.data[from + c] * share;
      }
    });
    return dx;
  }

  /** Where each pixel's channels begin, and those of its image's means. */
  private eachPixel(rows: number, visit: (at: number, mean: number) => void): void {
    const { channels } = this.input;
    for (let m = 0; m < rows; m++) {
      for (let at = m * this.inputSize; at < (m + 1) * this.inputSize; at += channels) {
        visit(at, m * channels);
      }
    }
  }
}

/** An image as a row of numbers, pixel by pixel, channels last. It is one already: nothing is computed. */
export class Flatten implements Layer {
  readonly kind = "flatten";
  readonly inputSize: number;
  readonly outputSize: number;
  readonly parameters = {};
  readonly buffers = {};
  readonly batch = {};

  constructor(input: ImageShape) {
    checkImage("flatten", input);
    this.inputSize = imageSize(input);
    this.outputSize = this.inputSize;
  }

  attach(): void {}

  forward(x: Tensor): Tensor {
    return x;
  }

  backward(dy: Tensor): Tensor {
    return dy;
  }
}
