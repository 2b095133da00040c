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

/** A range's start and step as whole numbers of one power of ten. */
interface Steps {
  readonly low: bigint;
  readonly step: bigint;
  readonly exponent: number;
}

const known = new Map<string, Steps>();
/** Ranges whose digits are remembered: reading them takes longer than anything else here. */
const mostKnown = 200;

function stepsOf(low: number, step: number): Steps {
  const key = `${low}/${step}`;
  let steps = known.get(key);
  if (steps === undefined) {
    const numbers = [decimal(low), decimal(step)];
    const exponent = Math.min(numbers[0].exponent, numbers[1].exponent);
    steps = { low: atExponent(numbers[0], exponent), step: atExponent(numbers[1], exponent), exponent };
    if (known.size >= mostKnown) {
      known.clear();
    }
    known.set(key, steps);
  }
  return steps;
}

/**
 * low + k · step as it is written in decimal: three steps of 0.1 are 0.3, not 0.30000000000000004.
 * @param k a whole number
 */
export function stepAt(low: number, step: number, k: number): number {
  if (Number.isInteger(low) && Number.isInteger(step)) {
    return low + k * step;
  }
  const { low: from, step: by, exponent } = stepsOf(low, step);
  return Number(`${from + BigInt(k) * by}e${exponent}`);
}

/** Whether `value` is low + k · step for a whole k, up to the rounding of that sum. */
export function isOnStep(value: number, low: number, step: number): boolean {
  const nearest = Math.round((value - low) / step) * step + low;
  return Math.abs(value - nearest) <= 1e-9 * Math.max(step, Math.abs(value));
}
