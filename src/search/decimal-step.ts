/** Decimal digits of a number: digits × 10^exponent. */
function decimal(value: number): { digits: bigint; exponent: number } {
  const [mantissa, power = "0"] = String(value).split("e");
  const [whole, fraction = ""] = mantissa.split(".");
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

function atExponent({ digits, exponent }: { digits: bigint; exponent: number }, wanted: number): bigint {
  return digits * 10n ** BigInt(exponent - wanted);
}

/**
 * The highest of low, low + step, … that is ≤ high.
 *
 * Reckoned in decimal, as the numbers are written: 0.3 is a multiple of 0.1, which it is not in binary.
 */
export function highestOnStep(low: number, high: number, step: number): number {
  const numbers = [low, high, step].map(decimal);
  const exponent = Math.min(...numbers.map((n) => n.exponent));
  const [l, h, s] = numbers.map((n) => atExponent(n, exponent));
  return (h - l) % s === 0n ? high : Number(`${l + ((h - l) / s) * s}e${exponent}`);
}

/** Whether `value` is low + k · step for a whole k, up to the rounding of that sum. */
export function isOnStep(value: number, low: number, step: number): boolean {
  const nearest = Math.round((value - low) / step) * step + low;
  return Math.abs(value - nearest) <= 1e-9 * Math.max(step, Math.abs(value));
}
