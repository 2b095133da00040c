import { wholeNumber } from "../core/checks.ts";
import { Tensor } from "../core/tensor.ts";
import type { WindowOver } from "../kernels/kernels.ts";
import { type ImageShape, imageSize, type Window, windowed } from "./image-shape.ts";
import type { Layer, LayerMemory } from "./layer.ts";

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
 * some places at a time are made, and made again for the backward pass: all of them would be size² times the batch.
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
  private readonly over: WindowOver;
  /** Places of the window in an image: pixels of the result. */
  private readonly places: number;
  /** Places worked on at a time. */
  private readonly block: number;
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
    this.over = { ...input, ...this.window };
    this.places = height * width;
    const depth = size * size * input.channels;
    this.block = Math.max(8, Math.floor(blockValues / depth));
    this.parameters = {
      W: { rows: depth, cols: filters, decays: true, start: "drawn" },
      b: { rows: 1, cols: filters, decays: false, start: 0 },
    } as const;
    this.buffers = {
      patches: { rows: this.block, cols: depth },
      dW: { rows: depth, cols: filters },
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
    this.eachBlock(x.rows, (first, places) => {
      const P = this.patchesOf(first, places); // [places, size²·channels]
      kernels.matmul(this.pixelsOf(y, first, places), P, params.W, params.b, fusion.activation);
    });
    return y;
  }

  backward(dy: Tensor, needed: "all" | "params"): Tensor | null {
    const { kernels, grads, buffers, batch } = this.memory;
    const dx = batch.dx.at(dy.rows);
    kernels.columnSums(grads.b, this.pixelsOf(dy, 0, dy.rows * this.places));
    this.eachBlock(dy.rows, (first, places) => {
      const P = this.patchesOf(first, places);
      const d = this.pixelsOf(dy, first, places); // [places, filters]
      if (first === 0) {
        kernels.matmulTN(grads.W, P, d);
      } else {
        kernels.matmulTN(buffers.dW, P, d);
        kernels.axpy(grads.W, 1, buffers.dW);
      }
      if (needed === "all") {
        this.scatter(dx, P, d, first);
      }
    });
    return needed === "all" ? dx : null;
  }

  /** dP takes P's place; of images of one channel it lies across, since lines of a window are but `size` values long. */
  private scatter(dx: Tensor, P: Tensor, d: Tensor, first: number): void {
    const { kernels, params } = this.memory;
    if (this.input.channels === 1) {
      const planes = new Tensor(P.cols, P.rows, P.data);
      kernels.matmulNT(planes, params.W, d);
      kernels.scatterPlanes(dx, planes, first, this.over);
    } else {
      kernels.matmulNT(P, d, params.W);
      kernels.scatterPatches(dx, P, first, this.over);
    }
  }

  private eachBlock(rows: number, work: (first: number, places: number) => void): void {
    const all = rows * this.places;
    for (let first = 0; first < all; first += this.block) {
      work(first, Math.min(this.block, all - first));
    }
  }

  private patchesOf(first: number, places: number): Tensor {
    const P = this.memory.buffers.patches.firstRows(places);
    this.memory.kernels.gatherPatches(P, this.x, first, this.over);
    return P;
  }

  /** Some places' values of a batch with a row a place. */
  private pixelsOf({ data }: Tensor, first: number, places: number): Tensor {
    const { channels } = this.output;
    return new Tensor(places, channels, data.subarray(first * channels, (first + places) * channels));
  }
}
