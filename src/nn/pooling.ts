import { checkOptions } from "../core/checks.ts";
import type { Tensor } from "../core/tensor.ts";
import type { WindowOver } from "../kernels/kernels.ts";
import { checkImage, type ImageShape, imageSize, type Window, windowed } from "./image-shape.ts";
import { LayerBase } from "./layer.ts";

export interface PoolOptions {
  /** Side of the window. */
  readonly size: number;
  /** As `size` when absent: windows that touch and do not overlap. */
  readonly stride?: number;
  /** 0 when absent. */
  readonly padding?: number;
}

/** What pooling layers share: windows over an image, each channel by itself. */
abstract class Pool extends LayerBase {
  readonly input: ImageShape;
  readonly output: ImageShape;
  readonly window: Window;
  readonly batch;
  protected readonly over: WindowOver;

  /** @throws HyperError, ShapeError when the window does not fit into the image */
  constructor(input: ImageShape, options: PoolOptions) {
    checkOptions("pool", options, { size: true, stride: true, padding: true });
    const { size, stride = size, padding = 0 } = options;
    const window = { size, stride, padding };
    const output = windowed("pool", input, window);
    super(imageSize(input), imageSize(output));
    this.window = window;
    this.over = { ...input, ...window };
    this.input = input;
    this.output = output;
    this.batch = { y: this.outputSize, dx: this.inputSize };
  }
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
export class GlobalAveragePool extends LayerBase {
  readonly kind = "globalAveragePool";
  readonly input: ImageShape;
  readonly batch;

  constructor(input: ImageShape) {
    checkImage("globalAveragePool", input);
    super(imageSize(input), input.channels);
    this.input = input;
    this.batch = { y: this.outputSize, dx: this.inputSize };
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
export class Flatten extends LayerBase {
  readonly kind = "flatten";
  readonly batch = {};

  constructor(input: ImageShape) {
    checkImage("flatten", input);
    super(imageSize(input));
  }

  forward(x: Tensor): Tensor {
    return x;
  }

  backward(dy: Tensor): Tensor {
    return dy;
  }
}
