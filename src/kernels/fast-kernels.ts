import type { Arena } from "../core/arena.ts";
import type { ByteRows } from "../core/byte-rows.ts";
import type { Dtype, IntTensor, Tensor } from "../core/tensor.ts";
import {
  checkArgmaxRows,
  checkBatchNorm,
  checkBatchNormBackward,
  checkBatchNormEvaluate,
  checkBinary,
  checkColumnSums,
  checkGatherRows,
  checkMatmul,
  checkMatmulNT,
  checkMatmulTN,
  checkPatches,
  checkPool,
  checkReduce,
  checkSoftmaxCrossEntropy,
  checkSoftmaxCrossEntropyBackward,
  checkUnary,
} from "./checks.ts";
import type { FusedActivation, KernelName, Kernels, WindowOver } from "./kernels.ts";

/** Forms of the matrix product, as in c/kernels.h. */
export const gemmForm = { NN: 0, NT: 1, TN: 2 } as const;

/** No tensor: a bias that is not there. */
export const NONE = -1;

/**
 * The C functions of one arena, with tensors as byte offsets into it and sizes in elements; formulas stand in
 * kernels.ts. Nothing is checked here.
 */
export interface KernelCalls {
  gemm(
    form: number,
    m: number,
    n: number,
    k: number,
    a: number,
    b: number,
    bias: number,
    relu: number,
    c: number,
  ): void;
  columnSums(out: number, a: number, m: number, n: number): void;
  relu(y: number, x: number, count: number): void;
  reluBackward(dx: number, dy: number, y: number, count: number): void;
  sigmoid(y: number, x: number, count: number): void;
  sigmoidBackward(dx: number, dy: number, y: number, count: number): void;
  tanh(y: number, x: number, count: number): void;
  tanhBackward(dx: number, dy: number, y: number, count: number): void;
  softmaxCrossEntropy(probs: number, logits: number, labels: number, m: number, n: number): number;
  softmaxCrossEntropyBackward(dx: number, probs: number, labels: number, m: number, n: number): void;
  batchNorm(
    y: number,
    xHat: number,
    mean: number,
    variance: number,
    invStd: number,
    x: number,
    gamma: number,
    beta: number,
    eps: number,
    m: number,
    n: number,
  ): void;
  batchNormEvaluate(
    y: number,
    x: number,
    mean: number,
    variance: number,
    gamma: number,
    beta: number,
    eps: number,
    m: number,
    n: number,
  ): void;
  batchNormBackward(
    dx: number,
    dGamma: number,
    dBeta: number,
    dy: number,
    xHat: number,
    invStd: number,
    gamma: number,
    m: number,
    n: number,
  ): void;
  multiply(y: number, x: number, mask: number, count: number): void;
  scale(y: number, alpha: number, x: number, count: number): void;
  axpy(y: number, alpha: number, x: number, count: number): void;
  sumOfSquares(x: number, count: number): number;
  allFinite(x: number, count: number): number;
  gatherRows(out: number, source: ByteRows, indices: IntTensor): void;
  argmaxRows(out: number, x: number, m: number, n: number): void;
  gatherPatches(patches: number, x: number, first: number, count: number, ...window: WindowNumbers): void;
  scatterPatches(dx: number, patches: number, first: number, count: number, ...window: WindowNumbers): void;
  pool(kind: number, out: number, dy: number, x: number, images: number, ...window: WindowNumbers): void;
}

/** Height, width and channels of an image; size, stride and padding of the window. */
type WindowNumbers = [number, number, number, number, number, number];

/** As in c/kernels.h. */
const poolKind = { max: 0, maxBackward: 1, average: 2, averageBackward: 3 } as const;

/** The kernels compiled from C: checks every call, then makes it. */
export class FastKernels implements Kernels {
  readonly name: KernelName;
  readonly dtype: Dtype;
  readonly arena: Arena;
  private readonly memory: ArrayBufferLike;
  private readonly calls: KernelCalls;

  constructor(name: KernelName, arena: Arena, calls: KernelCalls) {
    this.name = name;
    this.dtype = arena.dtype;
    this.arena = arena;
    this.memory = arena.memory.buffer;
    this.calls = calls;
  }

  matmul(out: Tensor, a: Tensor, b: Tensor, bias: Tensor | null, activation: FusedActivation): void {
    checkMatmul(this.memory, out, a, b, bias);
    const relu = activation === "relu" ? 1 : 0;
    this.calls.gemm(
      gemmForm.NN,
      a.rows,
      b.cols,
      a.cols,
      a.offset,
      b.offset,
      bias === null ? NONE : bias.offset,
      relu,
      out.offset,
    );
    if (activation === "sigmoid") {
      this.calls.sigmoid(out.offset, out.offset, out.rows * out.cols);
    } else if (activation === "tanh") {
      this.calls.tanh(out.offset, out.offset, out.rows * out.cols);
    }
  }

  matmulNT(out: Tensor, a: Tensor, b: Tensor): void {
    checkMatmulNT(this.memory, out, a, b);
    this.calls.gemm(gemmForm.NT, a.rows, b.rows, a.cols, a.offset, b.offset, NONE, 0, out.offset);
  }

  matmulTN(out: Tensor, a: Tensor, b: Tensor): void {
    checkMatmulTN(this.memory, out, a, b);
    this.calls.gemm(gemmForm.TN, a.cols, b.cols, a.rows, a.offset, b.offset, NONE, 0, out.offset);
  }

  columnSums(out: Tensor, a: Tensor): void {
    checkColumnSums(this.memory, out, a);
    this.calls.columnSums(out.offset, a.offset, a.rows, a.cols);
  }

  relu(y: Tensor, x: Tensor): void {
    checkUnary("relu", this.memory, y, x);
    this.calls.relu(y.offset, x.offset, x.rows * x.cols);
  }

  reluBackward(dx: Tensor, dy: Tensor, y: Tensor): void {
    checkBinary("reluBackward", this.memory, dx, "dy", dy, "y", y);
    this.calls.reluBackward(dx.offset, dy.offset, y.offset, y.rows * y.cols);
  }

  sigmoid(y: Tensor, x: Tensor): void {
    checkUnary("sigmoid", this.memory, y, x);
    this.calls.sigmoid(y.offset, x.offset, x.rows * x.cols);
  }

  sigmoidBackward(dx: Tensor, dy: Tensor, y: Tensor): void {
    checkBinary("sigmoidBackward", this.memory, dx, "dy", dy, "y", y);
    this.calls.sigmoidBackward(dx.offset, dy.offset, y.offset, y.rows * y.cols);
  }

  tanh(y: Tensor, x: Tensor): void {
    checkUnary("tanh", this.memory, y, x);
    this.calls.tanh(y.offset, x.offset, x.rows * x.cols);
  }

  tanhBackward(dx: Tensor, dy: Tensor, y: Tensor): void {
    checkBinary("tanhBackward", this.memory, dx, "dy", dy, "y", y);
    this.calls.tanhBackward(dx.offset, dy.offset, y.offset, y.rows * y.cols);
  }

  softmaxCrossEntropy(probs: Tensor, logits: Tensor, labels: IntTensor): number {
    checkSoftmaxCrossEntropy(this.memory, probs, logits, labels);
    return this.calls.softmaxCrossEntropy(probs.offset, logits.offset, labels.offset, logits.rows, logits.cols);
  }

  softmaxCrossEntropyBackward(dx: Tensor, probs: Tensor, labels: IntTensor): void {
    checkSoftmaxCrossEntropyBackward(this.memory, dx, probs, labels);
    this.calls.softmaxCrossEntropyBackward(dx.offset, probs.offset, labels.offset, probs.rows, probs.cols);
  }

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
  ): void {
    checkBatchNorm(this.memory, y, xHat, mean, variance, invStd, x, gamma, beta);
    this.calls.batchNorm(
      y.offset,
      xHat.offset,
      mean.offset,
      variance.offset,
      invStd.offset,
      x.offset,
      gamma.offset,
      beta.offset,
      eps,
      x.rows,
      x.cols,
    );
  }

  batchNormEvaluate(
    y: Tensor,
    x: Tensor,
    mean: Tensor,
    variance: Tensor,
    gamma: Tensor,
    beta: Tensor,
    eps: number,
  ): void {
    checkBatchNormEvaluate(this.memory, y, x, mean, variance, gamma, beta);
    this.calls.batchNormEvaluate(
      y.offset,
      x.offset,
      mean.offset,
      variance.offset,
      gamma.offset,
      beta.offset,
      eps,
      x.rows,
      x.cols,
    );
  }

  batchNormBackward(
    dx: Tensor,
    dGamma: Tensor,
    dBeta: Tensor,
    dy: Tensor,
    xHat: Tensor,
    invStd: Tensor,
    gamma: Tensor,
  ): void {
    checkBatchNormBackward(this.memory, dx, dGamma, dBeta, dy, xHat, invStd, gamma);
    this.calls.batchNormBackward(
      dx.offset,
      dGamma.offset,
      dBeta.offset,
      dy.offset,
      xHat.offset,
      invStd.offset,
      gamma.offset,
      dy.rows,
      dy.cols,
    );
  }

  multiply(y: Tensor, x: Tensor, mask: Tensor): void {
    checkBinary("multiply", this.memory, y, "x", x, "mask", mask);
    this.calls.multiply(y.offset, x.offset, mask.offset, x.rows * x.cols);
  }

  scale(y: Tensor, alpha: number, x: Tensor): void {
    checkUnary("scale", this.memory, y, x);
    this.calls.scale(y.offset, alpha, x.offset, x.rows * x.cols);
  }

  axpy(y: Tensor, alpha: number, x: Tensor): void {
    checkUnary("axpy", this.memory, y, x);
    this.calls.axpy(y.offset, alpha, x.offset, x.rows * x.cols);
  }

  sumOfSquares(x: Tensor): number {
    checkReduce("sumOfSquares", this.memory, x);
    return this.calls.sumOfSquares(x.offset, x.rows * x.cols);
  }

  allFinite(x: Tensor): boolean {
    checkReduce("allFinite", this.memory, x);
    return this.calls.allFinite(x.offset, x.rows * x.cols) !== 0;
  }

  gatherRows(out: Tensor, source: ByteRows, indices: IntTensor): void {
    checkGatherRows(this.memory, out, source, indices);
    this.calls.gatherRows(out.offset, source, indices);
  }

  argmaxRows(out: IntTensor, x: Tensor): void {
    checkArgmaxRows(this.memory, out, x);
    this.calls.argmaxRows(out.offset, x.offset, x.rows, x.cols);
  }

  gatherPatches(patches: Tensor, x: Tensor, first: number, over: WindowOver): void {
    checkPatches("gatherPatches", this.memory, patches, x, first, over);
    this.calls.gatherPatches(patches.offset, x.offset, first, patches.rows, ...numbersOf(over));
  }

  scatterPatches(dx: Tensor, patches: Tensor, first: number, over: WindowOver): void {
    checkPatches("scatterPatches", this.memory, patches, dx, first, over);
    this.calls.scatterPatches(dx.offset, patches.offset, first, patches.rows, ...numbersOf(over));
  }

  maxPool(y: Tensor, x: Tensor, over: WindowOver): void {
    checkPool("maxPool", this.memory, y, x, over);
    this.calls.pool(poolKind.max, y.offset, y.offset, x.offset, x.rows, ...numbersOf(over));
  }

  maxPoolBackward(dx: Tensor, dy: Tensor, x: Tensor, over: WindowOver): void {
    checkPool("maxPoolBackward", this.memory, dy, x, over, dx);
    this.calls.pool(poolKind.maxBackward, dx.offset, dy.offset, x.offset, x.rows, ...numbersOf(over));
  }

  averagePool(y: Tensor, x: Tensor, over: WindowOver): void {
    checkPool("averagePool", this.memory, y, x, over);
    this.calls.pool(poolKind.average, y.offset, y.offset, x.offset, x.rows, ...numbersOf(over));
  }

  averagePoolBackward(dx: Tensor, dy: Tensor, over: WindowOver): void {
    checkPool("averagePoolBackward", this.memory, dy, dx, over);
    this.calls.pool(poolKind.averageBackward, dx.offset, dy.offset, dx.offset, dx.rows, ...numbersOf(over));
  }
}

function numbersOf({ height, width, channels, size, stride, padding }: WindowOver): WindowNumbers {
  return [height, width, channels, size, stride, padding];
}
