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

/** The contrast of two #rrggbb colours, 1 … 21 (WCAG 2.2); NaN of any other, as of a page's own property. */
export function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return color.length === 7 ? 0.2126 * red + 0.7152 * green + 0.0722 * blue : Number.NaN;
}

/** A colour for small letters: the same, with as much of the ink as reading it takes. */
export function legible(color: string, { ink, background }: Pick<Theme, "ink" | "background">): string {
  const mixed = [0, 0.15, 0.3, 0.45].map((share) => (share === 0 ? color : mix(color, ink, share)));
  return Number.isNaN(contrast(ink, background))
    ? color
    : (mixed.find((one) => contrast(one, background) >= 4.6) ?? ink);
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
