import { inLanguage, type Language } from "../core/text.ts";
import { valueAlong } from "./along.ts";
import { mix, shareOf } from "./colors.ts";
import type { ColorScale } from "./figure-spec.ts";
import { gap } from "./layout.ts";
import { keySteps, keyWidth, type LegendEntry, type LegendSign, placeLegend, signWidth } from "./legend.ts";
import { outlines } from "./markers.ts";
import { isOddFilled, oddOutlines } from "./odd-signs.ts";
import type { OddKind } from "./odd-values.ts";
import type { Theme } from "./style.ts";
import { words } from "./svg-words.ts";
import { pixelWidth } from "./text-width.ts";
import { tickText } from "./tick-text.ts";

/** The entries in rows, as SVG markup. */
export function drawLegend(
  entries: readonly LegendEntry[],
  { y, width, theme }: { y: number; width: number; theme: Theme },
): { markup: string; bottom: number } {
  const { places, bottom } = placeLegend(entries, { y, width });
  const parts = places.map(({ entry: { name, sign }, x, middle }) => {
    const text = words(name, { x: x + signWidth(sign) + 6, y: middle + 4, size: 12, weight: 400, theme });
    return drawSign(sign, x, middle, theme) + text;
  });
  return { markup: parts.join(""), bottom };
}

/** A sign's markup from x, about a height. */
function drawSign(sign: LegendSign, x: number, middle: number, theme: Theme): string {
  const { color } = sign;
  switch (sign.kind) {
    case "line": {
      const { dash, marker } = sign;
      const line = `<line x1="${x}" x2="${x + 32}" y1="${middle}" y2="${middle}" stroke="${color}" stroke-width="2"${dash === "" ? "" : ` stroke-dasharray="${dash}"`}/>`;
      return marker === null
        ? line
        : `${line}<path transform="translate(${x + 16},${middle})" d="${outlines[marker]}" fill="${theme.background}" stroke="${color}" stroke-width="1.6"/>`;
    }
    case "dot":
      return `<circle cx="${x + 5}" cy="${middle}" r="4" fill="${color}"/>`;
    case "ring":
      return `<circle cx="${x + 5}" cy="${middle}" r="3.6" fill="none" stroke="${color}" stroke-width="1.4"/>`;
    case "cross":
      return `<path transform="translate(${x + 5},${middle})" d="${outlines.times}" fill="none" stroke="${color}" stroke-width="1.4"/>`;
    case "odd":
      return oddMarkup(sign.odd, { x: x + 6, y: middle, color, background: theme.background });
    case "block":
      return `<rect x="${x}" y="${middle - 5}" width="18" height="10" fill="${color}"/>`;
  }
}

/** The sign of a value that has no place, about a point. */
export function oddMarkup(
  kind: OddKind,
  { x, y, color, background }: { x: number; y: number; color: string; background: string },
): string {
  const fill = isOddFilled(kind) ? color : background;
  return `<path transform="translate(${x},${y})" d="${oddOutlines[kind]}" fill="${fill}" stroke="${color}" stroke-width="1.4"/>`;
}

/** `label  low ▒▒▒ high`, one line a scale. */
export function drawColorKeys(
  scales: readonly ColorScale[],
  options: { y: number; width: number; theme: Theme; language: Language },
): { markup: string; bottom: number } {
  const { theme, language } = options;
  let y = options.y + (scales.length === 0 ? 0 : 4);
  const parts = scales.map((scale) => {
    const [low, high] = scale.domain;
    const middle = y + 8;
    y += 20;
    const text = (content: string, x: number) => words(content, { x, y: middle + 4, size: 11.5, weight: 400, theme });
    const label = `${inLanguage(scale.label, language)}  ${tickText(low)}`;
    const x = gap + Math.ceil(1.05 * pixelWidth(label, 11.5)) + 6;
    const steps = Array.from({ length: keySteps }, (_, i) => {
      const at = valueAlong((i + 0.5) / keySteps, scale);
      const fill = mix(theme.low, theme.high, shareOf(scale, at));
      return `<rect x="${x + (i * keyWidth) / keySteps}" y="${middle - 5}" width="${keyWidth / keySteps + 0.3}" height="10" fill="${fill}"/>`;
    });
    return text(label, gap) + steps.join("") + text(tickText(high), x + keyWidth + 6);
  });
  return { markup: parts.join(""), bottom: y };
}
