import type { Tensor } from "../core/tensor.ts";
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
  protected memory!: LayerMemory;
  protected x!: Tensor; // [m, height·width·channels], of the last forward

  /** @throws HyperError, ShapeError when the window does not fit into the image */
  constructor(input: ImageShape, { size, stride = size, padding = 0 }: PoolOptions) {
    this.window = { size, stride, padding };
    this.input = input;
    this.output = windowed("pool", input, this.window);
    this.inputSize = imageSize(input);
    this.outputSize = imageSize(this.output);
    this.batch = { y: this.outputSize, dx: this.inputSize };
  }

  attach(memory: LayerMemory): void {
    this.memory = memory;
  }

  forward(x: Tensor): Tensor {
    const y = this.memory.batch.y.at(x.rows);
    this.x = x;
    this.eachWindow(x.rows, (places, count, at) => {
      y.data[at] = this.pooled(places, count);
    });
    return y;
  }

  backward(dy: Tensor): Tensor {
    const dx = this.memory.batch.dx.at(dy.rows);
    dx.data.fill(0);
    this.eachWindow(dy.rows, (places, count, at) => this.spread(dx, dy.data[at], places, count));
    return dx;
  }

  /** What a window makes of the values at the first `count` places. */
  protected abstract pooled(places: Int32Array, count: number): number;
  /** Adds a window's gradient to those of its places. */
  protected abstract spread(dx: Tensor, dy: number, places: Int32Array, count: number): void;

  /** Each window's places inside the image, and where its value stands. */
  private eachWindow(rows: number, visit: (places: Int32Array, count: number, at: number) => void): void {
    const { input, output, window } = this;
    const places = new Int32Array(window.size ** 2);
    let at = 0;
    for (let m = 0; m < rows; m++) {
      for (let oy = 0; oy < output.height; oy++) {
        for (let ox = 0; ox < output.width; ox++) {
          for (let c = 0; c < input.channels; c++, at++) {
            let count = 0;
            for (let ky = 0; ky < window.size; ky++) {
              const y = oy * window.stride - window.padding + ky;
              for (let kx = 0; kx < window.size; kx++) {
                const x = ox * window.stride - window.padding + kx;
                if (y >= 0 && y < input.height && x >= 0 && x < input.width) {
                  places[count++] = ((m * input.height + y) * input.width + x) * input.channels + c;
                }
              }
            }
            visit(places, count, at);
          }
        }
      }
    }
  }
}

/**
 * The largest value of each window; what lies beyond the border does not count. Backward: dy goes to the place of the
 * maximum, the first of equals.
 */
export class MaxPool extends Pool {
  readonly kind = "maxPool";

  protected pooled(places: Int32Array, count: number): number {
    return count === 0 ? 0 : this.x.data[this.largest(places, count)];
  }

  protected spread(dx: Tensor, dy: number, places: Int32Array, count: number): void {
    if (count > 0) {
      dx.data[this.largest(places, count)] += dy;
    }
  }

  private largest(places: Int32Array, count: number): number {
    const { data } = this.x;
    let best = places[0];
    for (let k = 1; k < count; k++) {
      const value = data[places[k]];
      if (value > data[best] || (Number.isNaN(value) && !Number.isNaN(data[best]))) {
        best = places[k];
      }
    }
    return best;
  }
}

/** The mean of each window, zeros beyond the border included (size² values always). Backward: dy/size² to each place. */
export class AveragePool extends Pool {
  readonly kind = "averagePool";

  protected pooled(places: Int32Array, count: number): number {
    let sum = 0;
    for (let k = 0; k < count; k++) {
      sum += this.x.data[places[k]];
    }
    return sum / this.window.size ** 2;
  }

  protected spread(dx: Tensor, dy: number, places: Int32Array, count: number): void {
    const share = dy / this.window.size ** 2;
    for (let k = 0; k < count; k++) {
      dx.data[places[k]] += share;
    }
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
    const pixels = this.inputSize / channels;
    y.data.fill(0);
    for (let i = 0; i < x.data.length; i++) {
      y.data[Math.floor(i / this.inputSize) * channels + (i % channels)] += x.data[i] / pixels;
    }
    return y;
  }

  backward(dy: Tensor): Tensor {
    const dx = this.memory.batch.dx.at(dy.rows);
    const { channels } = this.input;
    const pixels = this.inputSize / channels;
    for (let i = 0; i < dx.data.length; i++) {
      dx.data[i] = dy.data[Math.floor(i / this.inputSize) * channels + (i % channels)] / pixels;
    }
    return dx;
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
