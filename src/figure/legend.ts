import { inLanguage, type Language } from "../core/text.ts";
import type { ColorScale, Curve, DashName, FigureSpec, Layer } from "./figure-spec.ts";
import { gap } from "./layout.ts";
import { type OddKind, oddKindsOf, oddNames } from "./odd-values.ts";
import { hasHorizon, pastDash, pastHorizonWords } from "./past-horizon.ts";
import { type RunStyle, runStyle } from "./style.ts";
import { pixelWidth } from "./text-width.ts";

/** What a named thing of a figure is known by. */
export type LegendSign =
  | { readonly kind: "line"; readonly color: string; readonly dash: string; readonly marker: RunStyle["marker"] | null }
  | { readonly kind: "dot" | "ring" | "cross" | "block"; readonly color: string }
  | { readonly kind: "odd"; readonly odd: OddKind; readonly color: string };

/** A named thing of a figure, and its sign. */
export interface LegendEntry {
  readonly name: string;
  /** The same in every language. */
  readonly key: string;
  readonly sign: LegendSign;
}

/**
 * Each named thing once, in the order it is drawn; none where there is nothing to tell apart. Then the signs of values that
 * have no place, where there are such.
 */
export function legendOf(spec: FigureSpec, language: Language): LegendEntry[] {
  const entries = new Map<string, LegendEntry>();
  for (const panel of spec.panels) {
    for (const layer of panel.kind === "plane" ? panel.layers : []) {
      const sign = signOf(layer);
      if (sign === null || !("name" in layer) || layer.name === undefined) {
        continue;
      }
      const name = inLanguage(layer.name, language);
      if (!entries.has(name)) {
        entries.set(name, { name, key: inLanguage(layer.name, "en"), sign });
      }
    }
  }
  const past = hasHorizon(spec) ? [pastEntry(language)] : [];
  const odd = new Map(
    oddKindsOf(spec).map((kind): [string, LegendEntry] => {
      const name = inLanguage(oddNames[kind], language);
      const sign = { kind: "odd", odd: kind, color: oddColor } as const;
      return [name, { name, key: inLanguage(oddNames[kind], "en"), sign }];
    }),
  );
  return [...(entries.size < 2 ? [] : entries.values()), ...odd.values(), ...past];
}

/** What the pale ends of curves are. */
function pastEntry(language: Language): LegendEntry {
  const sign = { kind: "line", color: oddColor, dash: pastDash, marker: null } as const;
  return { name: inLanguage(pastHorizonWords, language), key: pastHorizonWords.en, sign };
}

/** Of no run: the signs are every run's. */
const oddColor = "#7a7a7a";

function signOf(layer: Layer): LegendSign | null {
  switch (layer.kind) {
    case "curve":
      return layer.role === "raw" ? null : lineSign(layer.style, dashOf(layer), markEveryOf(layer) !== undefined);
    case "path":
      return lineSign(layer.style, "", true);
    case "points":
      // Coloured by value: the key tells what the colours mean.
      return layer.colors === undefined ? { kind: layer.marker ?? "dot", color: runStyle(layer.style).color } : null;
    case "spans":
      return { kind: "block", color: runStyle(layer.style).color };
    default:
      return null;
  }
}

function lineSign(style: number, dash: string, marked: boolean): LegendSign {
  const { color, marker } = runStyle(style);
  return { kind: "line", color, dash, marker: marked ? marker : null };
}

const dashes: Readonly<Record<DashName, string>> = {
  solid: "",
  dashed: "6 4",
  dotted: "2 3",
  dashdot: "9 3 2 3",
  long: "14 4",
  sparse: "3 8",
};

/** The dash pattern of a curve, as SVG writes it; empty is solid. */
export function dashOf({ dash, style }: { dash?: DashName; style: number }): string {
  return dash === undefined ? runStyle(style).dash : dashes[dash];
}

/** Of a curve's points every so many-th has a mark; undefined: none. No line goes through one point: alone it has one. */
export function markEveryOf({ markEvery, x, role }: Curve): number | undefined {
  return markEvery ?? (x.length === 1 && role !== "raw" ? 1 : undefined);
}

/** Pixels a sign is wide. */
export function signWidth({ kind }: LegendSign): number {
  return kind === "line" ? 32 : kind === "block" ? 18 : kind === "odd" ? 12 : 10;
}

/** Places entries one after the other, in as many rows as they need. */
export function placeLegend(
  entries: readonly LegendEntry[],
  { y, width }: { y: number; width: number },
): { places: { entry: LegendEntry; x: number; middle: number }[]; bottom: number } {
  let x = gap;
  let row = y;
  const places = entries.map((entry) => {
    const wide = signWidth(entry.sign) + 24 + Math.ceil(1.1 * pixelWidth(entry.name, 12));
    if (x + wide > width - gap && x > gap) {
      x = gap;
      row += 20;
    }
    const place = { entry, x, middle: row + 8 };
    x += wide;
    return place;
  });
  return { places, bottom: entries.length === 0 ? y : row + 18 };
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

/** Pixels of a key's strip, and its steps of colour. */
export const keyWidth = 96;
export const keySteps = 16;
