import { tickText } from "../../figure/tick-text.ts";

/** Ticks of a logarithmic axis with their names: powers of ten, also their doubles and fives where there are few. */
export function logTicks(low: number, high: number): { ticks: number[]; tickLabels: string[] } {
  const first = Math.floor(Math.log10(low) - 1e-9);
  const last = Math.ceil(Math.log10(high) + 1e-9);
  const decades = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const inside = (value: number) =>
    value > 0 && Number.isFinite(value) && value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  const at = (factors: readonly number[]) =>
    decades.flatMap((exponent) => factors.map((factor) => Number(`${factor}e${exponent}`))).filter(inside);
  let ticks = at([1]);
  if (ticks.length < 3) {
    ticks = at([1, 2, 5]);
  }
  if (ticks.length < 2) {
    ticks = [low, high];
  }
  const every = Math.ceil(ticks.length / 7);
  ticks = ticks.filter((_, i) => i % every === 0);
  const long = ticks.some((tick) => tickText(tick).includes("e"));
  return { ticks, tickLabels: ticks.map((tick) => (long ? exponential(tick) : tickText(tick))) };
}

/** Some five round numbers within a range, with their names; its ends where no round ones can be told apart. */
export function linearTicks(low: number, high: number, count = 5): { ticks: number[]; tickLabels: string[] } {
  if (!Number.isFinite(high - low)) {
    // Wider than the largest number: reckoned at a quarter of the size.
    const ticks = linearTicks(low / 4, high / 4, count).ticks.map((tick) => Number((4 * tick).toPrecision(12)));
    return named(ticks.filter(Number.isFinite));
  }
  const rough = (high - low) / count;
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (!(rough > 1e-11 * largest) || rough < 1e-300) {
    return named(low < high ? [low, high] : [low]);
  }
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * ([1, 2, 5, 10].find((factor) => factor * unit >= rough * 0.999) ?? 10);
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i <= Math.floor(high / step + 1e-9) && ticks.length < 100; i++) {
    ticks.push(Number((i * step).toPrecision(12)));
  }
  const decimals = Math.min(12, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  return largest >= 1e5 || decimals > 5
    ? named(ticks)
    : { ticks, tickLabels: ticks.map((tick) => tick.toFixed(decimals)) };
}

function named(ticks: number[]): { ticks: number[]; tickLabels: string[] } {
  return { ticks, tickLabels: ticks.map(tickText) };
}

function exponential(value: number): string {
  return value.toExponential(1).replace(".0e", "e").replace("e+", "e");
}
