/**
 * Chebyshev coefficients of P in erfc(z) = t · exp(P(t) − z²), t = 2 / (2 + z), z ≥ 0, over 2t − 1 in [−1, 1]; computed to
 * 60 digits from 60 nodes. What is cut off is below 1.5e-16.
 */
const coefficients = Float64Array.from([
  -1.3026537197817094, 0.6419697923564902, 0.019476473204185836, -0.009561514786808632, -0.0009465953444820369,
  0.00036683949785276145, 0.00004252332480690777, -0.000020278578112534242, -0.0000016242900046470256,
  0.0000013036558355805232, 1.5626441722066142e-8, -8.523809591492654e-8, 6.5290544390988515e-9, 5.059343495551469e-9,
  -9.91364156493033e-10, -2.273651222931836e-10, 9.646791102015527e-11, 2.3940380830391146e-12, -6.886027526497553e-12,
  8.944879273090725e-13, 3.130921399342958e-13, -1.1270822361367252e-13, 3.810905255189232e-16, 7.106097613609237e-15,
  -1.5230282014571043e-15, -9.457494571291233e-17,
]);

/** ln(erfc(z)) + z² for z ≥ 0. */
function logScaledErfc(z: number): number {
  const t = 2 / (2 + z);
  const x = 4 * t - 2;
  let d = 0;
  let before = 0;
  for (let j = coefficients.length - 1; j > 0; j--) {
    const next = x * d - before + coefficients[j];
    before = d;
    d = next;
  }
  return 0.5 * (x * d + coefficients[0]) - before + Math.log(t);
}

/** Φ(x), the standard normal distribution. */
export function ndtr(x: number): number {
  const z = Math.abs(x) * Math.SQRT1_2;
  const tail = z > 27.3 ? 0 : 0.5 * Math.exp(logScaledErfc(z) - z * z);
  return x > 0 ? 1 - tail : tail;
}

/** ln Φ(x), accurate in both tails. */
export function logNdtr(x: number): number {
  if (x > 0) {
    return Math.log1p(-ndtr(-x));
  }
  const z = -x * Math.SQRT1_2;
  return logScaledErfc(z) - z * z - Math.LN2;
}

/** Φ(b) − Φ(a) for a ≤ b, without the cancellation of two numbers near 1. */
export function normalMass(a: number, b: number): number {
  if (a < -9 && b > 9) {
    return 1;
  }
  return a > 0 ? ndtr(-a) - ndtr(-b) : ndtr(b) - ndtr(a);
}

/** So many standard deviations from a kernel's centre nothing of it is left against the prior: e^(−36) of its peak. */
export const negligible = 8.5;

/**
 * Φ(z + h/2) − Φ(z − h/2). For narrow steps by the series of the integral around z, which has no cancellation; nothing
 * beyond `negligible`.
 */
export function stepMass(z: number, h: number): number {
  if (Math.abs(z) - h / 2 > negligible) {
    return 0;
  }
  if (h > 0.02) {
    return normalMass(z - h / 2, z + h / 2);
  }
  const s = z * z;
  const q = h * h;
  const second = (s - 1) / 24;
  const fourth = ((s - 6) * s + 3) / 1920;
  const sixth = (((s - 15) * s + 45) * s - 15) / 322_560;
  return (h * Math.exp(-0.5 * s) * (1 + q * (second + q * (fourth + q * sixth)))) / Math.sqrt(2 * Math.PI);
}

/** ln(eᵖ + e^q). */
function logSum(p: number, q: number): number {
  const high = Math.max(p, q);
  return high === -Infinity ? high : high + Math.log1p(Math.exp(Math.min(p, q) - high));
}

/** ln(Φ(b) − Φ(a)) for a < b, accurate where both lie far out in one tail. */
export function logNormalMass(a: number, b: number): number {
  if (a > 0) {
    return logNormalMass(-b, -a);
  }
  if (b > 0) {
    return Math.log1p(-ndtr(a) - ndtr(-b));
  }
  const high = logNdtr(b);
  return high + Math.log1p(-Math.exp(logNdtr(a) - high));
}

/**
 * x in [a, b] with ln Φ(x) = y: bisection until it is near, then Newton's steps, which come from the left and do not
 * overshoot because ln Φ is concave.
 */
function inverseLogNdtr(y: number, a: number, b: number): number {
  let low = Math.max(a, -100);
  let high = Math.min(b, 100);
  while (high - low > 0.25) {
    const middle = (low + high) / 2;
    if (logNdtr(middle) < y) {
      low = middle;
    } else {
      high = middle;
    }
  }
  let x = low;
  for (let i = 0; i < 20; i++) {
    const at = logNdtr(x);
    const slope = Math.exp(-0.5 * x * x - at) / Math.sqrt(2 * Math.PI);
    const next = Math.min(Math.max(x + (y - at) / slope, low), high);
    if (Math.abs(next - x) <= 1e-16 * Math.abs(x)) {
      return next;
    }
    x = next;
  }
  return x;
}

/** The point below which a share `u` of the standard normal, cut to [a, b], lies. */
export function truncatedNormalQuantile(u: number, a: number, b: number): number {
  if (u <= 0) {
    return a;
  }
  if (a < 0) {
    return inverseLogNdtr(logSum(logNdtr(a), Math.log(u) + logNormalMass(a, b)), a, b);
  }
  return -inverseLogNdtr(logSum(logNdtr(-b), Math.log1p(-u) + logNormalMass(a, b)), -b, -a);
}
