import { type FloatArray, Tensor } from "../core/tensor.ts";
import { newtonSchulz } from "../formula/orthogonal.ts";
import type { Kernels } from "../kernels/kernels.ts";

/** Vectors as long as the parameters that the matrix products need beside. */
export const orthogonalRoom = 3;

/** One parameter tensor's place in the flat vectors. */
export interface Matrix {
  readonly begin: number;
  readonly rows: number;
  readonly cols: number;
}

/**
 * out = the matrix with orthonormal rows (or columns, where there are fewer of them) next to `of`, by five Newton–Schulz
 * steps; see `formula/orthogonal.ts`. Allocates views only.
 * @param room three vectors as long as `of`
 */
export function orthogonalize(
  kernels: Kernels,
  { begin, rows, cols }: Matrix,
  out: Tensor,
  of: Tensor,
  [gram, square, other]: readonly Tensor[],
): void {
  const { a, b, c, steps, eps } = newtonSchulz;
  const view = (flat: Tensor, from: number, m: number, n: number) =>
    new Tensor(m, n, flat.data.subarray(from, from + m * n) as FloatArray);
  const wide = rows <= cols;
  const size = Math.min(rows, cols);
  const source = view(of, begin, rows, cols);
  const A = view(gram, 0, size, size); // XXᵀ, or XᵀX of a tall matrix
  const B = view(square, 0, size, size);
  // An odd number of steps from `x` to `y` and back ends in `out`.
  let x = view(other, 0, rows, cols);
  let y = view(out, begin, rows, cols);
  kernels.scale(x, 1 / (Math.sqrt(kernels.sumOfSquares(source)) + eps), source);
  for (let k = 0; k < steps; k++) {
    if (wide) {
      kernels.matmulNT(A, x, x);
    } else {
      kernels.matmulTN(A, x, x);
    }
    kernels.matmul(B, A, A, null, "none");
    kernels.scale(B, c, B);
    kernels.axpy(B, b, A);
    if (wide) {
      kernels.matmul(y, B, x, null, "none");
    } else {
      kernels.matmul(y, x, B, null, "none");
    }
    kernels.axpy(y, a, x);
    [x, y] = [y, x];
  }
}
