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

/** The step of {@link linearTicks}. */
export function tickStep(low: number, high: number, count: number): number {
  const step = increment(low, high, count);
  return step < 0 ? -1 / step : step;
}

/** Round numbers from `low` to `high`, about `count` of them. */
export function linearTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) {
    return [low];
  }
  const step = increment(low, high, count);
  if (!Number.isFinite(step) || step === 0) {
    return [];
  }
  // A step below 1 is kept as its reciprocal: 3/10 is exact where 3·0.1 is not.
  const at = step < 0 ? (i: number) => i / -step : (i: number) => i * step;
  const scale = step < 0 ? -step : 1 / step;
  const first = Math.ceil(low * scale - 1e-9);
  const last = Math.floor(high * scale + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => at(first + i));
}

/** Widens a range to round numbers. */
export function niceDomain(low: number, high: number, count = 10): [number, number] {
  let [from, to] = [low, high];
  let before = Number.NaN;
  // Widening may ask for a larger step; it settles after a few rounds.
  for (let i = 0; i < 10; i++) {
    const step = increment(from, to, count);
    if (step === before || !Number.isFinite(step) || step === 0) {
      break;
    }
    const scale = step < 0 ? -step : 1 / step;
    from = Math.floor(from * scale) / scale;
    to = Math.ceil(to * scale) / scale;
    before = step;
  }
  return [from, to];
}

/** Widens a range of positive numbers to powers of ten. */
export function niceLogDomain(low: number, high: number): [number, number] {
  return [10 ** Math.floor(Math.log10(low) + 1e-9), 10 ** Math.ceil(Math.log10(high) - 1e-9)];
}

/** Powers of ten, thinned to about `count`; where fewer than two fit, round numbers between them. */
export function logTicks(low: number, high: number, count: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  if (last - first < 1) {
    const between = [1, 2, 5].flatMap((digit) =>
      [first - 1, first, last].map((power) => Number(`${digit}e${Number.isFinite(power) ? power : 0}`)),
    );
    const inside = [...new Set(between)].filter((value) => value >= low && value <= high).sort((a, b) => a - b);
    return inside.length >= 2 ? inside : linearTicks(low, high, Math.min(count, 4));
  }
  const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(2, count)));
  return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, i) => Number(`1e${first + i * every}`));
}

/** A number at an axis whose ticks are `step` apart, with a comma every three digits and a true minus sign. */
export function linearLabel(value: number, step: number): string {
  const decimals = Math.min(20, Math.max(0, -Math.floor(Math.log10(Math.abs(step) || 1) + 1e-9)));
  const [whole, part] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  const negative = value < 0 && Number(value.toFixed(decimals)) !== 0;
  return `${negative ? "−" : ""}${grouped}${part === undefined ? "" : `.${part}`}`;
}

/** A number at a log axis: `1e-5`. */
export function logLabel(value: number): string {
  return Number(value.toPrecision(6)).toExponential();
}
