/**
 * exp, log, sin and cos that give the same bits in every JavaScript engine. `Math` leaves them to the engine, and engines
 * differ in the last bit, as releases of one engine do; what a seed decides must not depend on that. Only + − × ÷, which
 * IEEE 754 fixes, are used. Errors stay below 0.9 units in the last place; log is rounded rightly but for one case in some thousands, as NumPy's is.
 */

const bits = new DataView(new ArrayBuffer(8));

/** ln 2 in two parts; the first has 32 bits, so that a whole number up to 2²⁰ times it is exact. */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

/** a · b − p for p = a · b rounded: Dekker's product, from Veltkamp's halves of each factor. */
function productError(a: number, b: number, p: number): number {
  const splitA = 134217729 * a;
  const highA = splitA - (splitA - a);
  const lowA = a - highA;
  const splitB = 134217729 * b;
  const highB = splitB - (splitB - b);
  const lowB = b - highB;
  return lowA * lowB - (p - highA * highB - lowA * highB - highA * lowB);
}

// The loops below count: `for … of` over numbers takes some twice as long.

/** 1/5, 1/7, … of the series of artanh, highest first: s² ≤ 0.0295, so the next term is below 2⁻⁷⁰. */
const artanhTail = Array.from({ length: 12 }, (_, i) => 1 / (27 - 2 * i));

/**
 * ln x. x = 2ᵏ·m with m in [√½, √2), ln m = 2·artanh(s), s = (m − 1)/(m + 1); s and s³/3 in twice the precision.
 */
export function log(x: number): number {
  if (!(x > 0) || x === Number.POSITIVE_INFINITY) {
    return x === 0 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN;
  }
  let k = -1023;
  let m = x;
  if (m < 2.2250738585072014e-308) {
    m *= 2 ** 54;
    k -= 54;
  }
  bits.setFloat64(0, m);
  const head = bits.getUint32(0);
  k += head >>> 20;
  bits.setUint32(0, (head & 0xfffff) | 0x3ff00000);
  m = bits.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    k++;
  }
  const f = m - 1;
  const sum = f + 2;
  const sumLow = f - (sum - 2);
  const s = f / sum;
  const p = s * sum;
  const sLow = (f - p - productError(s, sum, p) - s * sumLow) / sum;
  const z = s * s;
  const zLow = productError(s, s, z) + 2 * s * sLow;
  let tail = 0;
  for (let i = 0; i < artanhTail.length; i++) {
    tail = (tail + artanhTail[i]) * z;
  }
  // third + thirdLow = s²/3; then artanh s = s + s · (s²/3 + s² · tail).
  const third = z / 3;
  const back = third * 3;
  const thirdLow = (z - back - productError(third, 3, back) + zLow) / 3;
  const series = s * third;
  const seriesLow = productError(s, third, series) + s * (thirdLow + z * tail) + sLow * third;
  // k·ln2High is exact and larger than what is added, or 0.
  const high = k * ln2High;
  const a = high + 2 * s;
  const aLow = high === 0 ? 0 : 2 * s - (a - high);
  const b = a + 2 * series;
  const bLow = 2 * series - (b - a);
  return b + (bLow + aLow + (2 * sLow + 2 * seriesLow + k * ln2Low));
}

/** 1/13!, …, 1/3!, highest first. */
const expTail = factorials(13, 3, 1);

/** eˣ. x = n·ln 2 + r, |r| ≤ ½·ln 2, eʳ by Taylor's series. */
export function exp(x: number): number {
  if (!(x < 709.782712893384)) {
    return Number.isNaN(x) ? x : Number.POSITIVE_INFINITY;
  }
  if (x < -745.2) {
    return 0;
  }
  const n = Math.round(x * Math.LOG2E);
  const high = x - n * ln2High;
  const low = n * ln2Low;
  const r = high - low;
  const rLow = high - r - low;
  let tail = 0;
  for (let i = 0; i < expTail.length; i++) {
    tail = tail * r + expTail[i];
  }
  const rest = rLow + r * r * (0.5 + r * tail);
  const t = r + rest;
  const sum = 1 + t;
  const y = sum + (t - (sum - 1) + (rest - (t - r)));
  // In two factors, so that neither leaves the range when the result is subnormal or at the top.
  const half = n >> 1;
  return y * 2 ** half * 2 ** (n - half);
}

/** −1/15!, 1/13!, …, −1/3! and 1/16!, −1/14!, …, −1/2!, highest first. */
const sinTail = factorials(17, 3, 2).map((term, i) => (i % 2 === 0 ? term : -term));
const cosTail = factorials(16, 4, 2).map((term, i) => (i % 2 === 0 ? term : -term));

/** π/2 in three parts, of 33 bits the first two. */
const halfPi = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21];

export function sin(x: number): number {
  return wave(x, 0);
}

export function cos(x: number): number {
  return wave(x, 1);
}

/** sin(x + quarters · π/2). Beyond 10⁶ the reduction loses digits, alike on every engine. */
function wave(x: number, quarters: number): number {
  if (!Number.isFinite(x)) {
    return Number.NaN;
  }
  if (x === 0 && quarters === 0) {
    return x;
  }
  const n = Math.round(x / (Math.PI / 2));
  const a = x - n * halfPi[0];
  const b = n * halfPi[1];
  const high = a - b;
  const r = high - n * halfPi[2];
  const rLow = high - r - n * halfPi[2] + (a - high - b);
  const z = r * r;
  const quadrant = (((n + quarters) % 4) + 4) % 4;
  let tail = 0;
  let y: number;
  if (quadrant % 2 === 0) {
    for (let i = 0; i < sinTail.length; i++) {
      tail = tail * z + sinTail[i];
    }
    y = r + (rLow + r * z * tail);
  } else {
    for (let i = 0; i < cosTail.length; i++) {
      tail = tail * z + cosTail[i];
    }
    const half = z / 2;
    const w = 1 - half;
    y = w + (1 - w - half + (z * z * tail - r * rLow));
  }
  return quadrant < 2 ? y : -y;
}

/** 1/from!, 1/(from − step)!, …, 1/to! */
function factorials(from: number, to: number, step: number): number[] {
  const terms: number[] = [];
  for (let k = from; k >= to; k -= step) {
    let product = 1;
    for (let i = 2; i <= k; i++) {
      product *= i;
    }
    terms.push(1 / product);
  }
  return terms;
}
