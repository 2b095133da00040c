/** The ends of an axis, in either order, and how what lies between them is spread. */
export interface Span {
  readonly domain: readonly [low: number, high: number];
  readonly scale?: "linear" | "log";
}

/** Shares beyond this are one and the same; differences and products of two of them are still finite. */
const far = 1e150;

/**
 * Tells where a value lies along an axis: 0 at its low end, 1 at its high end. Finite for every finite value, however far the
 * ends are apart or away; NaN where the axis has no place for it (0 and less on a logarithmic one); ±Infinity for infinities.
 */
export function placer({ domain: [low, high], scale }: Span): (value: number) => number {
  if (low === high) {
    return (value) => (value === low ? 0.5 : bounded(value > low ? far : value < low ? -far : Number.NaN, value));
  }
  if (scale === "log") {
    const [from, width] = [Math.log(low), Math.log(high) - Math.log(low)];
    // Neighbouring numbers have one logarithm: so near each other it is as good as a line.
    const along = width === 0 ? placer({ domain: [low, high] }) : (value: number) => (Math.log(value) - from) / width;
    return (value) => (value > 0 ? along(value) : Number.NaN);
  }
  const width = high - low;
  if (Number.isFinite(width)) {
    return (value) => bounded((value - low) / width, value);
  }
  // Halves: the two ends are further apart than the largest number.
  return (value) => bounded((value / 2 - low / 2) / (high / 2 - low / 2), value);
}

function bounded(share: number, value: number): number {
  return Number.isFinite(value) ? Math.min(far, Math.max(-far, share)) : share;
}

/** Where one value lies along an axis: {@link placer}. */
export function shareAlong(value: number, span: Span): number {
  return placer(span)(value);
}

/** The value at a share of an axis; finite for shares of the axis itself. */
export function valueAlong(share: number, { domain: [low, high], scale }: Span): number {
  if (scale === "log" && Math.log(low) !== Math.log(high)) {
    return Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)));
  }
  const width = high - low;
  return Number.isFinite(width) ? low + share * width : low * (1 - share) + high * share;
}
