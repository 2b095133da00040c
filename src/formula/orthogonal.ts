/**
 * Newton–Schulz steps X ← aX + b(XXᵀ)X + c(XXᵀ)²X bring every singular value of a matrix near 1, the small ones fastest:
 * after five they lie between 0.7 and 1.2. Jordan et al. 2024, Muon. Differs: in the dtype at hand, not in bfloat16.
 */
export const newtonSchulz = { a: 3.4445, b: -4.775, c: 2.0315, steps: 5, eps: 1e-7 } as const;

/** What the steps make of a matrix of one row, in float64: the row at a length near 1. */
export function orthogonalRow(row: readonly number[]): number[] {
  const { a, b, c, steps, eps } = newtonSchulz;
  const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0)) + eps;
  let x = row.map((value) => value / length);
  for (let k = 0; k < steps; k++) {
    const square = x.reduce((sum, value) => sum + value * value, 0);
    const factor = b * square + c * square * square;
    x = x.map((value) => factor * value + a * value);
  }
  return x;
}
