import { Arena } from "../core/arena.ts";
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
import type { FusedActivation, KernelSet, Kernels, WindowOver } from "./kernels.ts";
import { activate, reluInto, sigmoidInto, sumColumns, tanhInto } from "./reference-loops.ts";
import {
  averagePoolBackwardInto,
  averagePoolInto,
  gatherInto,
  maxPoolBackwardInto,
  maxPoolInto,
  scatterInto,
} from "./reference-windows.ts";

/**
 * Every kernel as plain loops: the page to learn them from, and what the fast ones are tested against.
 *
 * Matrices are row-major: element [i, j] of x[m,n] is x[i * n + j]. In float32 the arithmetic between two stores is
 * JavaScript's float64 and each store rounds, so sums kept in `out` are float32 sums. Sums run over k, or over rows, in
 * plain order 0, 1, 2, …
 */
export function referenceKernels(dtype: Dtype): KernelSet {
  return {
    name: "reference",
    dtype,
    open: (bytes) => new ReferenceKernels(new Arena(dtype, bytes)),
  };
}

export class ReferenceKernels implements Kernels {
  readonly name = "reference";
  readonly dtype: Dtype;
  readonly arena: Arena;
  private readonly memory: ArrayBufferLike;

  constructor(arena: Arena) {
    this.arena = arena;
    this.dtype = arena.dtype;
    this.memory = arena.memory.buffer;
  }

  matmul(out: Tensor, a: Tensor, b: Tensor, bias: Tensor | null, activation: FusedActivation): void {
    checkMatmul(this.memory, out, a, b, bias);
    const m = a.rows;
    const k = a.cols;
    const n = b.cols;
    const A = a.data; // [m,k]
    const B = b.data; // [k,n]
    const Y = out.data; // [m,n]
    for (let i = 0; i < m; i++) {
      const row = i * n;
      for (let j = 0; j < n; j++) {
        Y[row + j] = 0;
      }
      for (let p = 0; p < k; p++) {
        const aip = A[i * k + p];
        for (let j = 0; j < n; j++) {
          Y[row + j] += aip * B[p * n + j];
        }
      }
      if (bias !== null) {
        const c = bias.data; // [1,n]
        for (let j = 0; j < n; j++) {
          Y[row + j] += c[j];
        }
      }
    }
    activate(Y, activation);
  }

  matmulNT(out: Tensor, a: Tensor, b: Tensor): void {
    checkMatmulNT(this.memory, out, a, b);
    const m = a.rows;
    const k = a.cols;
    const n = b.rows;
    const A = a.data; // [m,k]
    const B = b.data; // [n,k]
    const Y = out.data; // [m,n]
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) {
          sum += A[i * k + p] * B[j * k + p];
        }
        Y[i * n + j] = sum;
      }
    }
  }

  matmulTN(out: Tensor, a: Tensor, b: Tensor): void {
    checkMatmulTN(this.memory, out, a, b);
    const m = a.cols;
    const k = a.rows;
    const n = b.cols;
    const A = a.data; // [k,m]
    const B = b.data; // [k,n]
    const Y = out.data; // [m,n]
    Y.fill(0);
    for (let p = 0; p < k; p++) {
      for (let i = 0; i < m; i++) {
        const api = A[p * m + i];
        for (let j = 0; j < n; j++) {
          Y[i * n + j] += api * B[p * n + j];
        }
      }
    }
  }

  columnSums(out: Tensor, a: Tensor): void {
    checkColumnSums(this.memory, out, a);
    sumColumns(out.data, a.data, a.rows, a.cols);
  }

  relu(y: Tensor, x: Tensor): void {
    checkUnary("relu", this.memory, y, x);
    reluInto(y.data, x.data);
  }

  reluBackward(dx: Tensor, dy: Tensor, y: Tensor): void {
    checkBinary("reluBackward", this.memory, dx, "dy", dy, "y", y);
    const DX = dx.data;
    const DY = dy.data;
    const Y = y.data;
    for (let i = 0; i < DX.length; i++) {
      DX[i] = Y[i] <= 0 ? 0 : DY[i];
    }
  }

  sigmoid(y: Tensor, x: Tensor): void {
    checkUnary("sigmoid", this.memory, y, x);
    sigmoidInto(y.data, x.data);
  }

  sigmoidBackward(dx: Tensor, dy: Tensor, y: Tensor): void {
    checkBinary("sigmoidBackward", this.memory, dx, "dy", dy, "y", y);
    const DX = dx.data;
    const DY = dy.data;
    const Y = y.data;
    for (let i = 0; i < DX.length; i++) {
      DX[i] = (1 - Y[i]) * Y[i] * DY[i];
    }
  }

  tanh(y: Tensor, x: Tensor): void {
    checkUnary("tanh", this.memory, y, x);
    tanhInto(y.data, x.data);
  }

  tanhBackward(dx: Tensor, dy: Tensor, y: Tensor): void {
    checkBinary("tanhBackward", this.memory, dx, "dy", dy, "y", y);
    const DX = dx.data;
    const DY = dy.data;
    const Y = y.data;
    for (let i = 0; i < DX.length; i++) {
      DX[i] = (1 - Y[i] * Y[i]) * DY[i];
    }
  }

  softmaxCrossEntropy(probs: Tensor, logits: Tensor, labels: IntTensor): number {
    checkSoftmaxCrossEntropy(this.memory, probs, logits, labels);
    const m = logits.rows;
    const n = logits.cols;
    const P = probs.data; // [m,n]
    const Z = logits.data; // [m,n]
    const T = labels.data; // [1,m]
    let loss = 0;
    for (let i = 0; i < m; i++) {
      const row = i * n;
      let max = -Infinity;
      for (let j = 0; j < n; j++) {
        max = Z[row + j] > max ? Z[row + j] : max;
      }
      // e^z may overflow; e^(z − max) is at most 1 and has the same softmax.
      let sum = 0;
      for (let j = 0; j < n; j++) {
        P[row + j] = Math.exp(Z[row + j] - max);
        sum += P[row + j];
      }
      for (let j = 0; j < n; j++) {
        P[row + j] /= sum;
      }
      loss -= Math.log(P[row + T[i]] + 1e-7);
    }
    return loss;
  }

  softmaxCrossEntropyBackward(dx: Tensor, probs: Tensor, labels: IntTensor): void {
    checkSoftmaxCrossEntropyBackward(this.memory, dx, probs, labels);
    const m = probs.rows;
    const n = probs.cols;
    const DX = dx.data; // [m,n]
    const P = probs.data; // [m,n]
    const T = labels.data; // [1,m]
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const target = j === T[i] ? 1 : 0;
        DX[i * n + j] = (P[i * n + j] - target) / m;
      }
    }
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
    const m = x.rows;
    const n = x.cols;
    const X = x.data; // [m,n]
    const H = xHat.data; // [m,n]
    const mu = mean.data; // [1,n]
    const s2 = variance.data; // [1,n]
    const r = invStd.data; // [1,n]
    sumColumns(mu, X, m, n);
    for (let j = 0; j < n; j++) {
      mu[j] /= m;
      s2[j] = 0;
    }
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const d = X[i * n + j] - mu[j];
        s2[j] += d * d;
      }
    }
    for (let j = 0; j < n; j++) {
      s2[j] /= m;
      r[j] = 1 / Math.sqrt(s2[j] + eps);
    }
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        H[i * n + j] = (X[i * n + j] - mu[j]) * r[j];
        y.data[i * n + j] = gamma.data[j] * H[i * n + j] + beta.data[j];
      }
    }
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
    const m = x.rows;
    const n = x.cols;
    const Y = y.data; // [m,n]
    const X = x.data; // [m,n]
    for (let j = 0; j < n; j++) {
      const r = 1 / Math.sqrt(variance.data[j] + eps);
      for (let i = 0; i < m; i++) {
        Y[i * n + j] = gamma.data[j] * ((X[i * n + j] - mean.data[j]) * r) + beta.data[j];
      }
    }
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
    const m = dy.rows;
    const n = dy.cols;
    const DX = dx.data; // [m,n]
    const DY = dy.data; // [m,n]
    const H = xHat.data; // [m,n]
    const dg = dGamma.data; // [1,n]
    const db = dBeta.data; // [1,n]
    sumColumns(db, DY, m, n);
    dg.fill(0);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        dg[j] += H[i * n + j] * DY[i * n + j];
      }
    }
    // With g = gamma·dy, gamma comes out of both sums: Σ g = gamma·dBeta and Σ g·xHat = gamma·dGamma.
    for (let j = 0; j < n; j++) {
      const factor = (gamma.data[j] * invStd.data[j]) / m;
      for (let i = 0; i < m; i++) {
        DX[i * n + j] = factor * (m * DY[i * n + j] - db[j] - H[i * n + j] * dg[j]);
      }
    }
  }

  multiply(y: Tensor, x: Tensor, mask: Tensor): void {
    checkBinary("multiply", this.memory, y, "x", x, "mask", mask);
    const Y = y.data;
    const X = x.data;
    const M = mask.data;
    for (let i = 0; i < Y.length; i++) {
      Y[i] = X[i] * M[i];
    }
  }

  scale(y: Tensor, alpha: number, x: Tensor): void {
    checkUnary("scale", this.memory, y, x);
    const Y = y.data;
    const X = x.data;
    for (let i = 0; i < Y.length; i++) {
      Y[i] = alpha * X[i];
    }
  }

  axpy(y: Tensor, alpha: number, x: Tensor): void {
    checkUnary("axpy", this.memory, y, x);
    const Y = y.data;
    const X = x.data;
    for (let i = 0; i < Y.length; i++) {
      Y[i] += alpha * X[i];
    }
  }

  sumOfSquares(x: Tensor): number {
    checkReduce("sumOfSquares", this.memory, x);
    const X = x.data;
    let sum = 0;
    for (let i = 0; i < X.length; i++) {
      sum += X[i] * X[i];
    }
    return sum;
  }

  allFinite(x: Tensor): boolean {
    checkReduce("allFinite", this.memory, x);
    const X = x.data;
    for (let i = 0; i < X.length; i++) {
      if (!Number.isFinite(X[i])) {
        return false;
      }
    }
    return true;
  }

  gatherRows(out: Tensor, source: ByteRows, indices: IntTensor): void {
    checkGatherRows(this.memory, out, source, indices);
    const { data, width } = source; // [count,width]
    const Y = out.data; // [m,width]
    for (let i = 0; i < indices.cols; i++) {
      const from = indices.data[i] * width;
      for (let j = 0; j < width; j++) {
        Y[i * width + j] = Math.fround(data[from + j] / 255);
      }
    }
  }

  argmaxRows(out: IntTensor, x: Tensor): void {
    checkArgmaxRows(this.memory, out, x);
    const n = x.cols;
    const X = x.data; // [m,n]
    for (let i = 0; i < x.rows; i++) {
      const row = i * n;
      let best = 0;
      for (let j = 1; j < n; j++) {
        const v = X[row + j];
        const max = X[row + best];
        // The first NaN beats every number, and nothing beats a NaN.
        if (v > max || (Number.isNaN(v) && !Number.isNaN(max))) {
          best = j;
        }
      }
      out.data[i] = best;
    }
  }

  gatherPatches(patches: Tensor, x: Tensor, first: number, over: WindowOver): void {
    checkPatches("gatherPatches", this.memory, patches, x, first, over);
    gatherInto(patches.data, x.data, first, patches.rows, over);
  }

  scatterPatches(dx: Tensor, patches: Tensor, first: number, over: WindowOver): void {
    checkPatches("scatterPatches", this.memory, patches, dx, first, over);
    scatterInto(dx.data, patches.data, first, patches.rows, over);
  }

  maxPool(y: Tensor, x: Tensor, over: WindowOver): void {
    checkPool("maxPool", this.memory, y, x, over);
    maxPoolInto(y.data, x.data, over);
  }

  maxPoolBackward(dx: Tensor, dy: Tensor, x: Tensor, over: WindowOver): void {
    checkPool("maxPoolBackward", this.memory, dy, x, over, dx);
    maxPoolBackwardInto(dx.data, dy.data, x.data, over);
  }

  averagePool(y: Tensor, x: Tensor, over: WindowOver): void {
    checkPool("averagePool", this.memory, y, x, over);
    averagePoolInto(y.data, x.data, over);
  }

  averagePoolBackward(dx: Tensor, dy: Tensor, over: WindowOver): void {
    checkPool("averagePoolBackward", this.memory, dy, dx, over);
    averagePoolBackwardInto(dx.data, dy.data, over);
  }
}
