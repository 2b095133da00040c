import { shareAlong } from "./along.ts";
import type { ColorScale } from "./figure-spec.ts";
import type { Theme } from "./style.ts";

/** A mixture of two colours, `#rrggbb` or `rgb(…)`; share 0 is the first. */
export function mix(a: string, b: string, share: number): string {
  const [from, to] = [channelsOf(a), channelsOf(b)];
  const channel = (at: number) =>
    Math.round(from[at] + (to[at] - from[at]) * Math.min(1, Math.max(0, share)))
      .toString(16)
      .padStart(2, "0");
  return `#${channel(0)}${channel(1)}${channel(2)}`;
}

/** Red, green and blue, 0 … 255, as a figure names them or as a page computes them; NaN of anything else. */
function channelsOf(color: string): readonly number[] {
  const computed = /^rgba?\((\d+), (\d+), (\d+)/.exec(color);
  return computed === null
    ? [1, 3, 5].map((at) => (/^#[\da-f]{6}$/i.test(color) ? Number.parseInt(color.slice(at, at + 2), 16) : Number.NaN))
    : computed.slice(1).map(Number);
}

/** The contrast of two colours, 1 … 21 (WCAG 2.2); NaN where one is a page's own property. */
export function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = channelsOf(color).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
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
