/**
 * The sum of `count` numbers from `from` on, in the order in which NumPy adds: eight running sums a block of 128, halves
 * of longer ones.
 */
export function pairwiseSum(values: Float64Array, from = 0, count = values.length): number {
  if (count < 8) {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      sum += values[from + i];
    }
    return sum;
  }
  if (count > 128) {
    const half = (count >> 1) - ((count >> 1) % 8);
    return pairwiseSum(values, from, half) + pairwiseSum(values, from + half, count - half);
  }
  let [r0, r1, r2, r3] = [values[from], values[from + 1], values[from + 2], values[from + 3]];
  let [r4, r5, r6, r7] = [values[from + 4], values[from + 5], values[from + 6], values[from + 7]];
  let i = 8;
  for (; i < count - (count % 8); i += 8) {
    const at = from + i;
    r0 += values[at];
    r1 += values[at + 1];
    r2 += values[at + 2];
    r3 += values[at + 3];
    r4 += values[at + 4];
    r5 += values[at + 5];
    r6 += values[at + 6];
    r7 += values[at + 7];
  }
  let sum = r0 + r1 + (r2 + r3) + (r4 + r5 + (r6 + r7));
  for (; i < count; i++) {
    sum += values[from + i];
  }
  return sum;
}
