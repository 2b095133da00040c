import { checkOptions, wholeNumber } from "../core/checks.ts";
import type { Tensor } from "../core/tensor.ts";
import type { WindowOver } from "../kernels/kernels.ts";
import { type ImageShape, imageSize, type Window, windowed } from "./image-shape.ts";
import { LayerBase } from "./layer.ts";

export interface Conv2dOptions {
  /** Channels of the result. */
  readonly filters: number;
  /** Side of the window: 3 for 3×3. */
  readonly size: number;
  /** 1 when absent. */
  readonly stride?: number;
  /** Zeros around the image; 0 when absent. `(size − 1)/2` keeps the image's size at stride 1. */
  readonly padding?: number;
}

/** Room for what is made of the images at a time, in values: what stays in a processor's second cache. */
const patchValues = 128 * 1024;

/**
 * Convolution (as everywhere: cross-correlation): y[oy, ox, f] = Σ_ky,kx,c x[oy·stride + ky − padding, ox·stride + kx − padding, c]
 * · W[(ky, kx, c), f] + b[f]. Rows of x and y are images with channels last. LeCun et al. 1989.
 *
 * With P the patches of x it is y = P·W + b. Backward: dW = Pᵀ·dy, db = Σ dy, and dx gathers dy·Wᵀ. All patches would be size²
 * times the batch: the kernels make some at a time, those of a column of places in one strip, or do without.
 */
export class Conv2d extends LayerBase {
  readonly kind = "conv2d";
  readonly input: ImageShape;
  readonly output: ImageShape;
  readonly window: Window;
  override readonly parameters;
  override readonly buffers;
  readonly batch;
  /** As of {@link Affine}. */
  readonly product = this.constructor === Conv2d;
  private readonly over: WindowOver;
  private x!: Tensor; // [m, height·width·channels], of the last forward

  /** @throws HyperError, ShapeError when the window does not fit into the image */
  constructor(input: ImageShape, options: Conv2dOptions) {
    checkOptions("conv2d", options, { filters: true, size: true, stride: true, padding: true });
    const { filters, size, stride = 1, padding = 0 } = options;
    const window = { size, stride, padding };
    const { height, width } = windowed("conv2d", input, window);
    wholeNumber("conv2d", "filters", filters, { min: 1 });
    const output = { height, width, channels: filters };
    super(imageSize(input), imageSize(output));
    this.input = input;
    this.output = output;
    this.window = window;
    this.over = { ...input, ...window };
    const depth = size * size * input.channels;
    this.parameters = {
      W: { rows: depth, cols: filters, decays: true, start: "drawn" },
      b: { rows: 1, cols: filters, decays: false, start: 0 },
    } as const;
    this.buffers = {
      patches: { rows: Math.max(8, Math.floor(patchValues / depth)), cols: depth },
    };
    this.batch = { y: this.outputSize, dx: this.inputSize };
  }

  forward(x: Tensor): Tensor {
    const { kernels, params, buffers, batch, fusion } = this.memory;
    const y = batch.y.at(x.rows); // [m, oh·ow·filters]
    this.x = x;
    kernels.convolve(y, buffers.patches, x, params.W, params.b, fusion.activation, this.over);
    return y;
  }

  backward(dy: Tensor, needed: "all" | "params"): Tensor | null {
    const { kernels, params, grads, buffers, batch } = this.memory;
    kernels.convolveGradients(grads.W, grads.b, buffers.patches, this.x, dy, this.over);
    if (needed === "params") {
      return null;
    }
    const dx = batch.dx.at(dy.rows);
    kernels.convolveBackward(dx, buffers.patches, dy, params.W, this.over);
    return dx;
  }
}
