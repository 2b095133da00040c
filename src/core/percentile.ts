/** The value below which `percent` of the values lie, between neighbours by linear interpolation (NumPy's default). */
export function percentile(values: readonly number[] | Float64Array, percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * (percent / 100);
  const below = Math.floor(at);
  const low = sorted[below];
  const high = sorted[Math.min(below + 1, sorted.length - 1)];
  const share = at - below;
  if (share === 0 || low === high) {
    return low;
  }
  if (!Number.isFinite(high - low)) {
    // Between infinities, or further apart than the largest number.
    return low === Number.NEGATIVE_INFINITY ? low : low * (1 - share) + high * share;
  }
  return share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share;
}
