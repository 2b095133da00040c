import type { Arena } from "../core/arena.ts";
import type { ByteRows } from "../core/byte-rows.ts";

import type { Dtype, IntTensor, Tensor } from "../core/tensor.ts";

/** Activations that the matrix product can apply as it writes its result. */
export type FusedActivation = "none" | "relu" | "sigmoid" | "tanh";

export const kernelNames = [
  "native-avx512",
  "native-avx2",
  "native-neon",
  "native-generic",
  "wasm-relaxed",
  "wasm-simd",
  "reference",
] as const;
export type KernelName = (typeof kernelNames)[number];

/** What a user may ask for; `wasm-simd` and `wasm-relaxed` name one of the two WASM builds. */
export const backends = ["auto", "native", "wasm", "wasm-simd", "wasm-relaxed", "reference"] as const;
export type Backend = (typeof backends)[number];

/**
 * Images, a row each, height · width · channels values with channels last, and a square window that moves over them by
 * `stride`; `padding` zeros lie around each. It stops at ⌊(side + 2·padding − size)/stride⌋ + 1 places along each side.
 */
export interface WindowOver {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

/** A loaded set of kernels, from which arenas are opened. */
export interface KernelSet {
  readonly name: KernelName;
  readonly dtype: Dtype;
  /** A new arena with room for `bytes` of tensors, and these kernels bound to it. */
  open(bytes: number): Kernels;
}

/**
 * The arithmetic of training over tensors of one arena. Every method checks shapes and indices (ShapeError), writes
 * its result into its first argument and allocates nothing. `out` never overlaps an input unless the method says so.
 * NaN and Infinity pass through as IEEE 754 says; zero rows, columns or depth are allowed. Below the smallest normal
 * number a result may be 0 and an operand may be taken for 0: the fast kernels never leave a subnormal number behind.
 */
export interface Kernels {
  readonly name: KernelName;
  readonly dtype: Dtype;
  readonly arena: Arena;

  /** out[m,n] = activation(a[m,k] · b[k,n] + bias[1,n]); no bias is added for null. */
  matmul(out: Tensor, a: Tensor, b: Tensor, bias: Tensor | null, activation: FusedActivation): void;
  /** out[m,n] = a[m,k] · b[n,k]ᵀ */
  matmulNT(out: Tensor, a: Tensor, b: Tensor): void;
  /** out[m,n] = a[k,m]ᵀ · b[k,n] */
  matmulTN(out: Tensor, a: Tensor, b: Tensor): void;

  /** out[1,n] = Σ_rows a[m,n] */
  columnSums(out: Tensor, a: Tensor): void;

  /** y = 0 where x ≤ 0, else x (NaN stays NaN). y may be x. */
  relu(y: Tensor, x: Tensor): void;
  /** dx = 0 where y ≤ 0, else dy; y is relu's output. dx may be dy. */
  reluBackward(dx: Tensor, dy: Tensor, y: Tensor): void;
  /** y = 1/(1 + e^−x), for any x without overflow. y may be x. */
  sigmoid(y: Tensor, x: Tensor): void;
  /** dx = (1 − y)·y·dy; y is sigmoid's output. dx may be dy. */
  sigmoidBackward(dx: Tensor, dy: Tensor, y: Tensor): void;
  /** y = tanh x. y may be x. */
  tanh(y: Tensor, x: Tensor): void;
  /** dx = (1 − y²)·dy; y is tanh's output. dx may be dy. */
  tanhBackward(dx: Tensor, dy: Tensor, y: Tensor): void;

  /**
   * probs = softmax of each row of logits (its maximum subtracted); returns −Σ_rows ln(probs[row, label] + 1e-7), summed
   * in float64: divide by the rows for the mean. labels [1, m] in [0, n). probs may be logits.
   */
  softmaxCrossEntropy(probs: Tensor, logits: Tensor, labels: IntTensor): number;
  /** dx = (probs − onehot(labels)) / m; the 1e-7 of the loss is ignored, as in the book. dx may be probs. */
  softmaxCrossEntropyBackward(dx: Tensor, probs: Tensor, labels: IntTensor): void;

  /**
   * Batch Normalization in training (Ioffe & Szegedy 2015, Algorithm 1), per column over the m rows:
   * mean[1,n], variance[1,n] (divided by m), invStd[1,n] = 1/√(variance + eps), xHat = (x − mean)·invStd,
   * y = gamma·xHat + beta. y, xHat, x are [m,n]; gamma, beta [1,n]. y may be x.
   */
  batchNorm(
    y: Tensor,
    xHat: Tensor,
    mean: Tensor,
    variance: Tensor,
    invStd: Tensor,
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    eps: number,
  ): void;
  /** y = gamma·(x − mean)/√(variance + eps) + beta with given statistics [1,n]. y may be x. */
  batchNormEvaluate(
    y: Tensor,
    x: Tensor,
    mean: Tensor,
    variance: Tensor,
    gamma: Tensor,
    beta: Tensor,
    eps: number,
  ): void;
  /**
   * dBeta = Σ_rows dy, dGamma = Σ_rows xHat·dy, dx = invStd/m · (m·g − Σ_rows g − xHat·Σ_rows g·xHat) with g = gamma·dy.
   * dx may be dy.
   */
  batchNormBackward(
    dx: Tensor,
    dGamma: Tensor,
    dBeta: Tensor,
    dy: Tensor,
    xHat: Tensor,
    invStd: Tensor,
    gamma: Tensor,
  ): void;
  /** y = x · mask, element by element (Dropout). y may be x. */
  multiply(y: Tensor, x: Tensor, mask: Tensor): void;
  /** y = alpha · x. y may be x. */
  scale(y: Tensor, alpha: number, x: Tensor): void;

  /** y += alpha · x, same shapes. */
  axpy(y: Tensor, alpha: number, x: Tensor): void;
  /** Σ x², summed in float64. */
  sumOfSquares(x: Tensor): number;
  /** Whether no element is NaN or ±Infinity. */
  allFinite(x: Tensor): boolean;

  /**
   * out[i, :] = source row indices[i], each byte / 255 rounded to float32 in either dtype: the
   * original's loader keeps pixels in float32, and its float64 numbers come from those.
   * indices [1, m], each in [0, source.count).
   */
  gatherRows(out: Tensor, source: ByteRows, indices: IntTensor): void;
  /** out[1,m]: the column of each row's largest element, the first of equals; the first NaN wins (as NumPy's argmax). */
  argmaxRows(out: IntTensor, x: Tensor): void;

  /**
   * patches[p, (ky, kx, c)] = what lies under (ky, kx) of the window's place first + p, 0 beyond the border: a convolution
   * becomes a matrix product. Places are counted through all images x [m, height·width·channels], row by row.
   * patches [n, size²·channels]
   */
  gatherPatches(patches: Tensor, x: Tensor, first: number, over: WindowOver): void;
  /**
   * The backward pass of gatherPatches: dx[pixel] += what patches hold of it. An image's dx is 0 before its first place, so
   * that places given in order, some at a time, make the whole of it.
   */
  scatterPatches(dx: Tensor, patches: Tensor, first: number, over: WindowOver): void;
  /**
   * y[m, places·channels] = the largest value under each place of the window, each channel by itself; the first NaN where
   * there is one, 0 where the window lies wholly beyond the border.
   */
  maxPool(y: Tensor, x: Tensor, over: WindowOver): void;
  /** dx = Σ dy of the places whose largest value, the first of equals, it was. */
  maxPoolBackward(dx: Tensor, dy: Tensor, x: Tensor, over: WindowOver): void;
  /** y = Σ/size² of the values under each place of the window: what lies beyond the border counts as 0. */
  averagePool(y: Tensor, x: Tensor, over: WindowOver): void;
  /** dx = Σ dy/size² of the places that cover it. */
  averagePoolBackward(dx: Tensor, dy: Tensor, over: WindowOver): void;
}
