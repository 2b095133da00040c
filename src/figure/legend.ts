import { inLanguage, type Language } from "../core/text.ts";
import { mix, shareOf } from "./colors.ts";
import type { ColorScale, FigureSpec, Layer } from "./figure-spec.ts";
import { type RunStyle, runStyle, type Theme } from "./style.ts";
import { gap, words } from "./svg-words.ts";
import { pixelWidth } from "./text-width.ts";
import { tickText } from "./tick-text.ts";

/** A named thing of a figure, and the sign it is known by. */
export interface LegendEntry {
  readonly name: string;
  /** Pixels of the sign. */
  readonly wide: number;
  /** Its markup from x, about a height. */
  draw(x: number, middle: number, theme: Theme): string;
}

/** Each named thing once, in the order it is drawn; none where there is nothing to tell apart. */
export function legendOf(spec: FigureSpec, language: Language): LegendEntry[] {
  const entries = new Map<string, LegendEntry>();
  for (const panel of spec.panels) {
    for (const layer of panel.kind === "plane" ? panel.layers : []) {
      const entry = entryOf(layer, language);
      if (entry !== null && !entries.has(entry.name)) {
        entries.set(entry.name, entry);
      }
    }
  }
  return entries.size < 2 ? [] : [...entries.values()];
}

function entryOf(layer: Layer, language: Language): LegendEntry | null {
  switch (layer.kind) {
    case "curve":
    case "path": {
      if (layer.kind === "curve" && layer.role === "raw") {
        return null;
      }
      const style = runStyle(layer.style);
      const marked = layer.kind === "path" || layer.markEvery !== undefined;
      const dash = layer.kind === "path" || layer.dash === "solid" ? "" : layer.dash === "dashed" ? "6 4" : style.dash;
      return {
        name: inLanguage(layer.name, language),
        wide: 32,
        draw(x, middle, theme) {
          const line = `<line x1="${x}" x2="${x + 32}" y1="${middle}" y2="${middle}" stroke="${style.color}" stroke-width="2"${dash === "" ? "" : ` stroke-dasharray="${dash}"`}/>`;
          return line + (marked ? markerAt(style, x + 16, middle, theme) : "");
        },
      };
    }
    case "points": {
      const { name, marker = "dot", colors } = layer;
      const { color } = runStyle(layer.style);
      // Coloured by value: the key tells what the colours mean.
      return name === undefined || colors !== undefined
        ? null
        : { name: inLanguage(name, language), wide: 10, draw: (x, middle) => signOf(marker, x + 5, middle, color) };
    }
    case "spans": {
      const { color } = runStyle(layer.style);
      return layer.name === undefined
        ? null
        : {
            name: inLanguage(layer.name, language),
            wide: 18,
            draw: (x, middle) => `<rect x="${x}" y="${middle - 5}" width="18" height="10" fill="${color}"/>`,
          };
    }
    default:
      return null;
  }
}

export function drawLegend(
  entries: readonly LegendEntry[],
  { y, width, theme }: { y: number; width: number; theme: Theme },
): { markup: string; bottom: number } {
  let x = gap;
  let row = y;
  const parts = entries.map(({ name, wide: sign, draw }) => {
    const wide = sign + 24 + Math.ceil(1.1 * pixelWidth(name, 12));
    if (x + wide > width - gap && x > gap) {
      x = gap;
      row += 20;
    }
    const middle = row + 8;
    const drawn = draw(x, middle, theme);
    const text = words(name, { x: x + sign + 6, y: middle + 4, size: 12, weight: 400, theme });
    x += wide;
    return drawn + text;
  });
  return { markup: parts.join(""), bottom: entries.length === 0 ? y : row + 18 };
}

function signOf(marker: "dot" | "ring" | "cross", x: number, y: number, color: string): string {
  return marker === "dot"
    ? `<circle cx="${x}" cy="${y}" r="4" fill="${color}"/>`
    : marker === "ring"
      ? `<circle cx="${x}" cy="${y}" r="3.6" fill="none" stroke="${color}" stroke-width="1.4"/>`
      : `<path transform="translate(${x},${y})" d="${outlines.times}" fill="none" stroke="${color}" stroke-width="1.4"/>`;
}

/** Each scale of colours that needs a key, once. */
export function colorKeysOf(spec: FigureSpec): ColorScale[] {
  const scales = spec.panels.flatMap((panel): ColorScale[] =>
    panel.kind === "parallel"
      ? [panel.colors]
      : panel.kind === "plane"
        ? panel.layers.flatMap((layer) =>
            (layer.kind === "heat" || layer.kind === "points") && layer.colors !== undefined ? [layer.colors] : [],
          )
        : [],
  );
  return [...new Map(scales.map((scale) => [JSON.stringify(scale), scale])).values()];
}

const keyWidth = 96;
const keySteps = 16;

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
      const at = low + ((high - low) * (i + 0.5)) / keySteps;
      const fill = mix(theme.low, theme.high, shareOf(scale, at));
      return `<rect x="${x + (i * keyWidth) / keySteps}" y="${middle - 5}" width="${keyWidth / keySteps + 0.3}" height="10" fill="${fill}"/>`;
    });
    return text(label, gap) + steps.join("") + text(tickText(high), x + keyWidth + 6);
  });
  return { markup: parts.join(""), bottom: y };
}

/** The outline of a marker about the origin, as Plot draws it. */
const outlines: Readonly<Record<RunStyle["marker"], string>> = {
  circle: "M4,0A4,4,0,1,1,-4,0A4,4,0,1,1,4,0Z",
  times: "M-3.5,-3.5L3.5,3.5M-3.5,3.5L3.5,-3.5",
  square: "M-3.6,-3.6H3.6V3.6H-3.6Z",
  diamond: "M0,-5L4,0L0,5L-4,0Z",
  triangle: "M0,-4.5L4.3,3L-4.3,3Z",
  plus: "M-4.5,0H4.5M0,-4.5V4.5",
  star: "M0,-5L1.2,-1.6L4.8,-1.5L1.9,0.6L2.9,4L0,2L-2.9,4L-1.9,0.6L-4.8,-1.5L-1.2,-1.6Z",
  wye: "M0,0V4.5M0,0L-3.9,-2.5M0,0L3.9,-2.5",
};

function markerAt({ marker, color }: RunStyle, x: number, y: number, theme: Theme): string {
  return `<path transform="translate(${x},${y})" d="${outlines[marker]}" fill="${theme.background}" stroke="${color}" stroke-width="1.6"/>`;
}
