import type { FloatArray } from "../core/tensor.ts";
import type { FusedActivation } from "./kernels.ts";

/** out[1,n] = Σ_rows a[m,n] */
export function sumColumns(out: FloatArray, a: FloatArray, m: number, n: number): void {
  out.fill(0);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      out[j] += a[i * n + j];
    }
  }
}

export function reluInto(y: FloatArray, x: FloatArray): void {
  for (let i = 0; i < y.length; i++) {
    y[i] = x[i] <= 0 ? 0 : x[i];
  }
}

export function sigmoidInto(y: FloatArray, x: FloatArray): void {
  for (let i = 0; i < y.length; i++) {
    // e^−x = Infinity for very negative x gives 0, which is right.
    y[i] = 1 / (1 + Math.exp(-x[i]));
  }
}

export function tanhInto(y: FloatArray, x: FloatArray): void {
  for (let i = 0; i < y.length; i++) {
    y[i] = Math.tanh(x[i]);
  }
}

export function activate(y: FloatArray, activation: FusedActivation): void {
  if (activation === "relu") {
    reluInto(y, y);
  } else if (activation === "sigmoid") {
    sigmoidInto(y, y);
  } else if (activation === "tanh") {
    tanhInto(y, y);
  }
}
