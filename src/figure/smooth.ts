const LENGTH = 11;
const HALF = (LENGTH - 1) / 2;
const BETA = 2;

/** The modified Bessel function I₀ by its power series; the terms fall fast for the small x a window has. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** Kaiser's window of 11 points, β = 2, summing to 1. Kaiser & Schafer 1980. */
const window = (() => {
  const raw = Array.from({ length: LENGTH }, (_, i) => besselI0(BETA * Math.sqrt(1 - ((i - HALF) / HALF) ** 2)));
  const total = raw.reduce((sum, w) => sum + w, 0);
  return raw.map((w) => w / total);
})();

/**
 * Smooths a series as the chapter's figures do: a Kaiser window over the series reflected at both ends. The original
 * reflects 10 points and later cuts 5 off each end, so what is left uses the nearest 5 reflections.
 * A window that meets a null gives null; a series shorter than the window comes back as it is.
 */
export function smoothCurve(y: readonly (number | null)[]): (number | null)[] {
  const n = y.length;
  if (n < LENGTH) {
    return [...y];
  }
  return y.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < LENGTH; k++) {
      const at = i + k - HALF;
      // The left end is reflected without repeating y[0], the right end with y[n − 1] repeated.
      const value = y[at < 0 ? -at : at >= n ? 2 * n - 1 - at : at];
      if (value === null) {
        return null;
      }
      sum += window[k] * value;
    }
    return sum;
  });
}
