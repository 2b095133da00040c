import { largestOf, smallestOf } from "../core/long-lists.ts";
/** Where an axis is marked, and what stands there; a label may be empty. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** The 1, 2 or 5 times a power of ten that divides a range into about `count` steps; negative for its reciprocal. */
function increment(low: number, high: number, count: number): number {
  const step = (high - low) / Math.max(0, count);
  const power = Math.floor(Math.log10(step));
  const error = step / 10 ** power;
  const factor = error >= Math.sqrt(50) ? 10 : error >= Math.sqrt(10) ? 5 : error >= Math.sqrt(2) ? 2 : 1;
  return power >= 0 ? factor * 10 ** power : -(10 ** -power) / factor;
}

/** Powers of ten up to which steps and their reciprocals can be reckoned with as they are. */
const ordinary = 100;

/** The power of ten by which a range is divided before its steps are reckoned; 0 for all but the largest and smallest. */
function powerOf(low: number, high: number): number {
  const power = Math.floor(Math.log10(Math.max(Math.abs(low), Math.abs(high))));
  return Number.isFinite(power) && Math.abs(power) > ordinary ? power : 0;
}

function divided(value: number, power: number): number {
  const half = Math.trunc(power / 2);
  return power === 0 ? value : value / 10 ** half / 10 ** (power - half);
}

/** value · 10^power, to the last digit; the largest number where there is none so large. */
function multiplied(value: number, power: number): number {
  if (power === 0) {
    return value;
  }
  const [digits, exponent] = value.toExponential().split("e");
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, Number(`${digits}e${Number(exponent) + power}`)));
}

/** The step of {@link linearTicks}. */
export function tickStep(low: number, high: number, count: number): number {
  const power = powerOf(low, high);
  const step = increment(divided(low, power), divided(high, power), count);
  const size = multiplied(step < 0 ? -1 / step : step, power);
  return size === 0 && high > low ? Number.MIN_VALUE : size;
}

/** Ticks that an axis may have at most, whatever rounding does to a range of neighbouring numbers. */
const mostTicks = 100;

/** Round numbers from `low` to `high`, about `count` of them. */
export function linearTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) {
    return [low];
  }
  const power = powerOf(low, high);
  const [from, to] = [divided(low, power), divided(high, power)];
  const step = increment(from, to, count);
  if (!Number.isFinite(step) || step === 0) {
    return [low, high];
  }
  // A step below 1 is kept as its reciprocal: 3/10 is exact where 3·0.1 is not.
  const at = step < 0 ? (i: number) => i / -step : (i: number) => i * step;
  const scale = step < 0 ? -step : 1 / step;
  const first = Math.ceil(from * scale - 1e-9);
  const last = Math.floor(to * scale + 1e-9);
  const length = Math.min(mostTicks, Math.max(0, last - first + 1));
  const ticks = Array.from({ length }, (_, i) => multiplied(at(first + i), power));
  // Of the smallest numbers several are one.
  return power === 0 ? ticks : [...new Set(ticks)].filter((tick) => tick >= low && tick <= high);
}

/** The same with their labels. */
export function labelledTicks(low: number, high: number, count: number): Tick[] {
  const step = tickStep(low, high, count);
  return linearTicks(low, high, count).map((value) => ({ value, label: linearLabel(value, step) }));
}

/** The power of ten that `ticks` of a person's own are multiples of, so that none is written as another; up to two digits below `step`. */
export function stepOf(ticks: readonly number[], step: number): number {
  const powers = [0, 1, 2].map((finer) => 10 ** (powerOfTen(step) - finer));
  const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-6;
  return powers.find((power) => ticks.every((tick) => isWhole(tick / power))) ?? powers[2];
}

/** Widens a range to round numbers, as far as there are any. */
export function niceDomain(low: number, high: number): [number, number] {
  const power = powerOf(low, high);
  let [from, to] = [divided(low, power), divided(high, power)];
  let before = Number.NaN;
  // Widening may ask for a larger step; it settles after a few rounds.
  for (let i = 0; i < 10; i++) {
    const step = increment(from, to, 10);
    if (step === before || !Number.isFinite(step) || step === 0) {
      break;
    }
    const scale = step < 0 ? -step : 1 / step;
    from = Math.floor(from * scale) / scale;
    to = Math.ceil(to * scale) / scale;
    before = step;
  }
  return [Math.min(low, multiplied(from, power)), Math.max(high, multiplied(to, power))];
}

/** Widens a range of positive numbers to powers of ten, as far as there are any. */
export function niceLogDomain(low: number, high: number): [number, number] {
  const from = 10 ** Math.floor(Math.log10(low) + 1e-9);
  const to = 10 ** Math.ceil(Math.log10(high) - 1e-9);
  return [Math.max(Number.MIN_VALUE, from), Math.min(Number.MAX_VALUE, to)];
}

/** Powers of ten, thinned to about `count`; where fewer than three fit, their doubles and fives as well, or round numbers. */
export function logTicks(low: number, high: number, count: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  if (last - first < 2) {
    const between = [1, 2, 5].flatMap((digit) =>
      [first - 1, first, last].map((power) => Number(`${digit}e${Number.isFinite(power) ? power : 0}`)),
    );
    const inside = [...new Set(between)].filter((value) => value >= low && value <= high).sort((a, b) => a - b);
    return inside.length >= 2 ? inside : linearTicks(low, high, Math.min(count, 4));
  }
  const least = Math.ceil((last - first + 1) / Math.max(2, count));
  const every = [1, 2, 5, 10, 20, 50, 100, 200].find((step) => step >= least) ?? least;
  const from = Math.ceil(first / every) * every;
  const powers = Array.from({ length: Math.max(0, Math.floor((last - from) / every) + 1) }, (_, i) => from + i * every);
  return powers.length >= 2 ? powers.map((power) => Number(`1e${power}`)) : [Number(`1e${first}`), Number(`1e${last}`)];
}

/** Steps from which, and below which, numbers at an axis are written with a power of ten. */
const longStep = 1e7;
const shortStep = 1e-9;

/** Whether numbers so many apart are written in full at an axis. */
function isPlainStep(step: number): boolean {
  return step >= shortStep && step < longStep;
}

/** A number at an axis whose ticks are `step` apart, with a comma every three digits and a true minus sign. */
export function linearLabel(value: number, step: number): string {
  if (step > 0 && !isPlainStep(step)) {
    return powerLabel(value, step);
  }
  const decimals = Math.min(20, Math.max(0, -powerOfTen(step || 1)));
  const [whole, part] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  const negative = value < 0 && Number(value.toFixed(decimals)) !== 0;
  return `${negative ? "−" : ""}${grouped}${part === undefined ? "" : `.${part}`}`;
}

/** The power of ten that a number begins with. */
function powerOfTen(value: number): number {
  return Math.floor(Math.log10(Math.abs(value)) + 1e-9);
}

/** `1.5e308`: the digits that tell it from its neighbours. */
function powerLabel(value: number, step: number): string {
  if (value === 0 || Math.abs(value) < step / 2) {
    return "0";
  }
  const digits = powerOfTen(value) - powerOfTen(step);
  return value
    .toExponential(Math.min(15, Math.max(0, digits)))
    .replace(/^-/, "−")
    .replace(/\.?0+e/, "e")
    .replace("e+", "e");
}

/** A number at a log axis: `1e-5`, `2,000`, `1e6`. */
export function logLabel(value: number): string {
  const round = Number(value.toPrecision(6));
  return round >= 1 && round < 10_000 ? round.toLocaleString("en") : round.toExponential().replace("e+", "e");
}

/** A number at an axis: so many significant digits, one fewer and a power of ten where it would be long. */
export function tickText(value: number, digits = 3): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= Math.max(1e6, 10 ** digits))
    ? value.toExponential(digits - 2).replace(/\.?0+e/, "e")
    : String(Number(value.toPrecision(digits)));
}

/** Numbers along one scale, its ends among them, with the digits that say where they are to a hundredth of it. */
export function tickTexts(values: readonly number[]): string[] {
  const length = largestOf(values) - smallestOf(values);
  const isNear = (value: number, text: string) => length === 0 || Math.abs(Number(text) - value) <= length / 100;
  let digits = 3;
  while (digits < 17 && !values.every((value) => isNear(value, tickText(value, digits)))) {
    digits++;
  }
  return values.map((value) => tickText(value, digits));
}
