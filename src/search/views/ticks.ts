import * as round from "../../figure/ticks.ts";

/** Ticks with the names that a terminal and parallel coordinates show as well. */
interface NamedTicks {
  readonly ticks: number[];
  readonly tickLabels: string[];
}

/** Of a logarithmic axis: powers of ten, also their doubles and fives where there are few. */
export function logTicks(low: number, high: number): NamedTicks {
  const ticks = round.logTicks(low, high, 7);
  const names = ticks.map((tick) => round.tickText(tick));
  return { ticks, tickLabels: names.some((name) => name.includes("e")) ? ticks.map(round.logLabel) : names };
}

/** Some five round numbers within a range. */
export function linearTicks(low: number, high: number, count = 5): NamedTicks {
  const ticks = round.labelledTicks(low, high, count);
  return { ticks: ticks.map(({ value }) => value), tickLabels: ticks.map(({ label }) => label) };
}
