import { shareAlong } from "./along.ts";
import type { ColorScale } from "./figure-spec.ts";
import type { Theme } from "./style.ts";

/** A mixture of two #rrggbb colours; share 0 is the first. */
export function mix(a: string, b: string, share: number): string {
  const channel = (at: number) => {
    const [from, to] = [a, b].map((color) => Number.parseInt(color.slice(at, at + 2), 16));
    return Math.round(from + (to - from) * Math.min(1, Math.max(0, share)))
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

/** Where a value lies in a scale: 0 is the weak end, 1 the strong one; what lies outside is at an end. */
export function shareOf({ domain: [low, high], reverse = false }: ColorScale, value: number): number {
  const share = high > low ? Math.min(1, Math.max(0, shareAlong(value, { domain: [low, high] }))) : 0.5;
  return reverse ? 1 - share : share;
}

/** A value's colour; what is no number is faint. */
export function colorOf(scale: ColorScale, value: number | null, theme: Theme): string {
  return value === null || Number.isNaN(value) ? theme.faint : mix(theme.low, theme.high, shareOf(scale, value));
}

/** The scale that reaches from the smallest to the largest value. */
export function scaleOf(values: readonly (number | null)[]): ColorScale {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value !== null && Number.isFinite(value)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { label: "", domain: low < high ? [low, high] : [low, low + 1] };
}
