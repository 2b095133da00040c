import type { RandomStream } from "../core/random.ts";
import type { Tensor } from "../core/tensor.ts";

/**
 * Fills w [in, out] with a random orthogonal matrix: WᵀW = 1 when in ≥ out, else WWᵀ = 1. Normals made orthonormal by
 * Gram–Schmidt, each vector twice against those before it, which keeps the error at rounding.
 * Saxe, McClelland & Ganguli 2014, §3.
 */
export function fillOrthogonal(w: Tensor, stream: RandomStream): void {
  const { rows, cols } = w;
  const count = Math.min(rows, cols);
  const length = Math.max(rows, cols);
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const v = new Float64Array(length);
    stream.fillNormal(v, 1);
    for (let pass = 0; pass < 2; pass++) {
      for (const u of vectors) {
        const along = dot(u, v);
        for (let i = 0; i < length; i++) {
          v[i] -= along * u[i];
        }
      }
    }
    const norm = Math.sqrt(dot(v, v));
    vectors.push(v.map((x) => x / norm));
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      w.data[i * cols + j] = rows >= cols ? vectors[j][i] : vectors[i][j];
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    sum += a[i] * b[i];
  }
  return sum;
}
