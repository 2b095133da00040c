import { Arena } from "../core/arena.ts";
import type { ByteRows } from "../core/rows.ts";
import type { Dtype, IntTensor, Tensor } from "../core/tensor.ts";
import { CheckedKernels } from "./checked-kernels.generated.ts";
import type { FusedActivation, KernelSet, WindowOver } from "./kernels.ts";
import type { Operations, Pointwise } from "./operations.generated.ts";
import { type PointwiseFunction, pointwiseFunctions } from "./pointwise.ts";
import { activate, reluInto, sigmoidInto, sumColumns, tanhInto } from "./reference-loops.ts";
import {
  averagePoolBackwardInto,
  averagePoolInto,
  byPlace,
  maxPoolBackwardInto,
  maxPoolInto,
  patchesLike,
  patchesOf,
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
  return { name: "reference", dtype, open: (bytes) => new CheckedKernels("reference", new Arena(dtype, bytes), loops) };
}

/** Called with arguments that fit one another: `CheckedKernels` has seen to it. */
const loops: Operations = {
  matmul(out: Tensor, a: Tensor, b: Tensor, bias: Tensor | null, activation: FusedActivation): void {
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
  },

  matmulNT(out: Tensor, a: Tensor, b: Tensor): void {
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
  },

  matmulTN(out: Tensor, a: Tensor, b: Tensor): void {
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
  },

  columnSums(out: Tensor, a: Tensor): void {
    sumColumns(out.data, a.data, a.rows, a.cols);
  },

  relu(y: Tensor, x: Tensor): void {
    reluInto(y.data, x.data);
  },

  reluBackward(dx: Tensor, dy: Tensor, y: Tensor): void {
    const DX = dx.data;
    const DY = dy.data;
    const Y = y.data;
    for (let i = 0; i < DX.length; i++) {
      DX[i] = Y[i] <= 0 ? 0 : DY[i];
    }
  },

  sigmoid(y: Tensor, x: Tensor): void {
    sigmoidInto(y.data, x.data);
  },

  sigmoidBackward(dx: Tensor, dy: Tensor, y: Tensor): void {
    const DX = dx.data;
    const DY = dy.data;
    const Y = y.data;
    for (let i = 0; i < DX.length; i++) {
      DX[i] = (1 - Y[i]) * Y[i] * DY[i];
    }
  },

  tanh(y: Tensor, x: Tensor): void {
    tanhInto(y.data, x.data);
  },

  tanhBackward(dx: Tensor, dy: Tensor, y: Tensor): void {
    const DX = dx.data;
    const DY = dy.data;
    const Y = y.data;
    for (let i = 0; i < DX.length; i++) {
      DX[i] = (1 - Y[i] * Y[i]) * DY[i];
    }
  },

  activate(y: Tensor, x: Tensor, pointwise: Pointwise): void {
    const { f }: PointwiseFunction = pointwiseFunctions[pointwise];
    const Y = y.data;
    const X = x.data;
    for (let i = 0; i < Y.length; i++) {
      Y[i] = f(X[i]);
    }
  },

  activateBackward(dx: Tensor, dy: Tensor, x: Tensor, y: Tensor, pointwise: Pointwise): void {
    const { slope }: PointwiseFunction = pointwiseFunctions[pointwise];
    const DX = dx.data;
    const DY = dy.data;
    const X = x.data;
    const Y = y.data;
    for (let i = 0; i < DX.length; i++) {
      DX[i] = slope(X[i], Y[i]) * DY[i];
    }
  },

  softmaxCrossEntropy(probs: Tensor, logits: Tensor, labels: IntTensor): number {
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
  },

  softmaxCrossEntropyBackward(dx: Tensor, probs: Tensor, labels: IntTensor): void {
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
  },

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
  },

  batchNormEvaluate(
    y: Tensor,
    x: Tensor,
    mean: Tensor,
    variance: Tensor,
    gamma: Tensor,
    beta: Tensor,
    eps: number,
  ): void {
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
  },

  batchNormBackward(
    dx: Tensor,
    dGamma: Tensor,
    dBeta: Tensor,
    dy: Tensor,
    xHat: Tensor,
    invStd: Tensor,
    gamma: Tensor,
  ): void {
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
  },

  multiply(y: Tensor, x: Tensor, mask: Tensor): void {
    const Y = y.data;
    const X = x.data;
    const M = mask.data;
    for (let i = 0; i < Y.length; i++) {
      Y[i] = X[i] * M[i];
    }
  },

  scale(y: Tensor, alpha: number, x: Tensor): void {
    const Y = y.data;
    const X = x.data;
    for (let i = 0; i < Y.length; i++) {
      Y[i] = alpha * X[i];
    }
  },

  axpy(y: Tensor, alpha: number, x: Tensor): void {
    const Y = y.data;
    const X = x.data;
    for (let i = 0; i < Y.length; i++) {
      Y[i] += alpha * X[i];
    }
  },

  sumOfSquares(x: Tensor): number {
    const X = x.data;
    let sum = 0;
    for (let i = 0; i < X.length; i++) {
      sum += X[i] * X[i];
    }
    return sum;
  },

  allFinite(x: Tensor): boolean {
    const X = x.data;
    for (let i = 0; i < X.length; i++) {
      if (!Number.isFinite(X[i])) {
        return false;
      }
    }
    return true;
  },

  gatherRows(out: Tensor, source: ByteRows, indices: IntTensor): void {
    const { data, width } = source; // [count,width]
    const Y = out.data; // [m,width]
    for (let i = 0; i < indices.cols; i++) {
      const from = indices.data[i] * width;
      for (let j = 0; j < width; j++) {
        Y[i * width + j] = Math.fround(data[from + j] / 255);
      }
    }
  },

  argmaxRows(out: IntTensor, x: Tensor): void {
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
  },

  // The memory that others work in is left as it is.
  convolve(y, _patches, x, w, bias, activation, over): void {
    loops.matmul(byPlace(y, w.cols), patchesOf(x, over), w, bias, activation);
  },

  convolveGradients(dw, db, _patches, x, dy, over): void {
    const d = byPlace(dy, dw.cols);
    loops.matmulTN(dw, patchesOf(x, over), d);
    loops.columnSums(db, d);
  },

  convolveBackward(dx, _patches, dy, w, over): void {
    const d = byPlace(dy, w.cols);
    const P = patchesLike(dx, d.rows, over);
    loops.matmulNT(P, d, w);
    scatterInto(dx.data, P.data, over);
  },

  maxPool(y: Tensor, x: Tensor, over: WindowOver): void {
    maxPoolInto(y.data, x.data, over);
  },

  maxPoolBackward(dx: Tensor, dy: Tensor, x: Tensor, over: WindowOver): void {
    maxPoolBackwardInto(dx.data, dy.data, x.data, over);
  },

  averagePool(y: Tensor, x: Tensor, over: WindowOver): void {
    averagePoolInto(y.data, x.data, over);
  },

  averagePoolBackward(dx: Tensor, dy: Tensor, over: WindowOver): void {
    averagePoolBackwardInto(dx.data, dy.data, over);
  },
};
