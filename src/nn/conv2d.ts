import { wholeNumber } from "../core/checks.ts";
import { type FloatArray, Tensor } from "../core/tensor.ts";
import { type ImageShape, imageSize, type Window, windowed } from "./image-shape.ts";
import type { Layer, LayerMemory } from "./layer.ts";
import { gatherPatches, scatterPatches } from "./patches.ts";

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

/** Values of the patches that are worked on at a time: what stays in a processor's second cache. */
const blockValues = 64 * 1024;

/**
 * Convolution (as everywhere: cross-correlation): y[oy, ox, f] = Σ_ky,kx,c x[oy·stride + ky − padding, ox·stride + kx − padding, c]
 * · W[(ky, kx, c), f] + b[f]. Rows of x and y are images with channels last. LeCun et al. 1989.
 *
 * With P the patches of x it is y = P·W + b. Backward: dW = Pᵀ·dy, db = Σ dy, dP = dy·Wᵀ, and dx gathers dP. The patches of
 * a few images at a time are made, and made again for the backward pass: all of them would be size² times the batch.
 */
export class Conv2d implements Layer {
  readonly kind = "conv2d";
  readonly inputSize: number;
  readonly outputSize: number;
  readonly input: ImageShape;
  readonly output: ImageShape;
  readonly window: Window;
  readonly parameters;
  readonly buffers;
  readonly batch;
  /** As of {@link Affine}. */
  readonly product = this.constructor === Conv2d;
  private readonly block: number;
  private readonly depth: number;
  private readonly pixels: number;
  private memory!: LayerMemory;
  private x!: Tensor; // [m, height·width·channels], of the last forward

  /** @throws HyperError, ShapeError when the window does not fit into the image */
  constructor(input: ImageShape, { filters, size, stride = 1, padding = 0 }: Conv2dOptions) {
    this.window = { size, stride, padding };
    const { height, width } = windowed("conv2d", input, this.window);
    wholeNumber("conv2d", "filters", filters, { min: 1 });
    this.input = input;
    this.output = { height, width, channels: filters };
    this.inputSize = imageSize(input);
    this.outputSize = imageSize(this.output);
    this.depth = size * size * input.channels;
    this.pixels = height * width;
    this.block = Math.max(1, Math.floor(blockValues / (this.pixels * this.depth)));
    this.parameters = {
      W: { rows: this.depth, cols: filters, decays: true, start: "drawn" },
      b: { rows: 1, cols: filters, decays: false, start: 0 },
    } as const;
    this.buffers = {
      patches: { rows: this.block * this.pixels, cols: this.depth },
      dW: { rows: this.depth, cols: filters },
    };
    this.batch = { y: this.outputSize, dx: this.inputSize };
  }

  attach(memory: LayerMemory): void {
    this.memory = memory;
  }

  forward(x: Tensor): Tensor {
    const { kernels, params, batch, fusion } = this.memory;
    const y = batch.y.at(x.rows); // [m, oh·ow·filters]
    this.x = x;
    this.eachBlock(x.rows, (from, images) => {
      const P = this.patchesOf(from, images); // [images·oh·ow, size²·channels]
      kernels.matmul(this.pixelsOf(y, from, images), P, params.W, params.b, fusion.activation);
    });
    return y;
  }

  backward(dy: Tensor, needed: "all" | "params"): Tensor | null {
    const { kernels, params, grads, buffers, batch } = this.memory;
    const dx = batch.dx.at(dy.rows);
    kernels.columnSums(grads.b, this.pixelsOf(dy, 0, dy.rows));
    this.eachBlock(dy.rows, (from, images) => {
      const P = this.patchesOf(from, images);
      const d = this.pixelsOf(dy, from, images); // [images·oh·ow, filters]
      if (from === 0) {
        kernels.matmulTN(grads.W, P, d);
      } else {
        kernels.matmulTN(buffers.dW, P, d);
        kernels.axpy(grads.W, 1, buffers.dW);
      }
      if (needed === "all") {
        kernels.matmulNT(P, d, params.W); // dP, in P's place
        this.scatter(dx, P, from, images);
      }
    });
    return needed === "all" ? dx : null;
  }

  private eachBlock(rows: number, work: (from: number, images: number) => void): void {
    for (let from = 0; from < rows; from += this.block) {
      work(from, Math.min(this.block, rows - from));
    }
  }

  private patchesOf(from: number, images: number): Tensor {
    const P = this.memory.buffers.patches.firstRows(images * this.pixels);
    for (let i = 0; i < images; i++) {
      gatherPatches(this.patchRows(P, i), imageOf(this.x, from + i), this.input, this.window, this.output);
    }
    return P;
  }

  private scatter(dx: Tensor, dP: Tensor, from: number, images: number): void {
    for (let i = 0; i < images; i++) {
      scatterPatches(imageOf(dx, from + i), this.patchRows(dP, i), this.input, this.window, this.output);
    }
  }

  private patchRows({ data }: Tensor, image: number): FloatArray {
    const values = this.pixels * this.depth;
    return data.subarray(image * values, (image + 1) * values);
  }

  /** Some images' values with a row a pixel. */
  private pixelsOf({ data }: Tensor, from: number, images: number): Tensor {
    const values = data.subarray(from * this.outputSize, (from + images) * this.outputSize);
    return new Tensor(images * this.pixels, this.output.channels, values);
  }
}

/** One row of a batch. */
function imageOf({ data, cols }: Tensor, row: number): FloatArray {
  return data.subarray(row * cols, (row + 1) * cols);
}
