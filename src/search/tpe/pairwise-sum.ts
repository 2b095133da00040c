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
  const r = values.slice(from, from + 8);
  let i = 8;
  for (; i < count - (count % 8); i += 8) {
    for (let j = 0; j < 8; j++) {
      r[j] += values[from + i + j];
    }
  }
  let sum = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
  for (; i < count; i++) {
    sum += values[from + i];
  }
  return sum;
}
