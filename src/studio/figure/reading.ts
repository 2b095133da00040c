import { inLanguage, type Language } from "../../core/text.ts";
import type { PlanePlace } from "../../figure/drawing/plane-place.ts";
import type { Heat } from "../../figure/figure-spec.ts";
import { runStyle } from "../../figure/style.ts";
import { readable, valueText } from "./figure-view.ts";

/** What a crosshair tells of one curve. */
export interface Reading {
  readonly name: string;
  readonly color: string;
  readonly text: string;
  /** Where the point is, in pixels of the figure. */
  readonly x: number;
  readonly y: number;
}

/** What a crosshair tells: the x it stands at, and a line a curve. */
export interface Crosshair {
  readonly panel: number;
  /** The panel's title; empty when it has none. */
  readonly title: string;
  readonly x: number;
  readonly heading: string;
  readonly readings: readonly Reading[];
}

/** Most curves told of at once. */
const most = 12;

/** The values of x a crosshair moves over, ascending: those of the curve with most points, else of everything. */
export function stopsOf({ panel }: PlanePlace): readonly number[] {
  const layers = readable(panel);
  let longest: readonly number[] = [];
  for (const layer of layers) {
    if (layer.kind === "curve" && layer.x.length > longest.length) {
      longest = layer.x;
    }
  }
  if (longest.length > 0) {
    return longest;
  }
  const field = panel.layers.find((layer) => layer.kind === "heat");
  if (field !== undefined && layers.length === 0) {
    return field.grid.x;
  }
  const all = layers.flatMap((layer): (number | null)[] =>
    layer.kind === "bars"
      ? layer.counts.map((_, i) => (layer.edges[i] + layer.edges[i + 1]) / 2)
      : layer.kind === "spans"
        ? [...layer.low]
        : [...layer.x],
  );
  return [...new Set(all.filter((x) => x !== null))].sort((a, b) => a - b);
}

/** Place of the stop nearest to a value. */
export function nearestStop(stops: readonly number[], x: number): number {
  let low = 0;
  let high = stops.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (stops[middle] <= x) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return high > low && Math.abs(stops[high] - x) < Math.abs(stops[low] - x) ? high : Math.max(0, low);
}

/** Reads every visible curve at an x; `pointerY`, in pixels, tells which of scattered points is meant. */
export function crosshairAt(place: PlanePlace, x: number, language: Language, pointerY: number | null): Crosshair {
  const { panel, box } = place;
  const readings: Reading[] = [];
  for (const layer of readable(panel)) {
    const color = runStyle(layer.style).color;
    const name = layer.name === undefined ? "" : inLanguage(layer.name, language);
    if (layer.kind === "curve") {
      if (layer.x.length > 0 && x <= layer.x[layer.x.length - 1] + 1e-9) {
        const i = nearestStop(layer.x, x);
        const y = layer.y[i];
        readings.push({
          name,
          color,
          text: valueText(y),
          x: place.x.at(layer.x[i]),
          y: y === null ? Number.NaN : place.y.at(y),
        });
      }
    } else if (layer.kind === "bars") {
      const i = layer.counts.findIndex((_, bin) => x >= layer.edges[bin] && x <= layer.edges[bin + 1]);
      if (i >= 0) {
        const [low, high] = [layer.edges[i], layer.edges[i + 1]];
        readings.push({
          name: `${valueText(low)} – ${valueText(high)}`,
          color,
          text: valueText(layer.counts[i]),
          x: place.x.at((low + high) / 2),
          y: place.y.at(layer.counts[i]),
        });
      }
    } else if (layer.kind === "path" || layer.kind === "points") {
      const i = nearestPoint(layer, place, place.x.at(x), pointerY);
      if (i >= 0) {
        const [px, py] = [layer.x[i] as number, layer.y[i] as number];
        const value = layer.kind === "points" ? layer.value?.[i] : undefined;
        readings.push({
          name,
          color,
          text: `(${valueText(px)}, ${valueText(py)})${value === undefined ? "" : ` ${valueText(value)}`}`,
          x: place.x.at(px),
          y: place.y.at(py),
        });
      }
    }
  }
  for (const layer of panel.layers) {
    if (layer.kind === "heat") {
      readings.push(...fieldReading(layer, place, x, pointerY));
    }
  }
  const label = inLanguage(panel.x.label, language);
  return {
    panel: box.index,
    title: panel.title === undefined ? "" : inLanguage(panel.title, language),
    x,
    heading: `${label === "" ? "x" : label} ${valueText(x)}`,
    readings: readings.slice(0, most),
  };
}

/** The cell under the pointer; without a pointer the largest of the column. */
function fieldReading({ grid }: Heat, place: PlanePlace, x: number, pointerY: number | null): Reading[] {
  const column = nearestStop(grid.x, x);
  const zOf = (row: number) => grid.z[row * grid.x.length + column];
  let row = 0;
  if (pointerY === null) {
    grid.y.forEach((_, j) => {
      row = (zOf(j) ?? Number.NEGATIVE_INFINITY) > (zOf(row) ?? Number.NEGATIVE_INFINITY) ? j : row;
    });
  } else {
    row = nearestStop(grid.y, place.y.back(pointerY));
  }
  const z = zOf(row);
  return [
    {
      name: valueText(grid.y[row]),
      color: "transparent",
      text: valueText(z),
      x: place.x.at(grid.x[column]),
      y: place.y.at(grid.y[row]),
    },
  ];
}

function nearestPoint(
  { x, y }: { readonly x: readonly (number | null)[]; readonly y: readonly (number | null)[] },
  place: PlanePlace,
  pixelX: number,
  pixelY: number | null,
): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  x.forEach((at, i) => {
    const [px, py] = [place.x.at(at ?? Number.NaN), place.y.at(y[i] ?? Number.NaN)];
    const distance = Math.hypot(px - pixelX, pixelY === null ? 0 : py - pixelY);
    if (distance < least) {
      least = distance;
      best = i;
    }
  });
  return best;
}

/** A crosshair in words. */
export function crosshairText({ title, heading, readings }: Crosshair): string {
  const words = [title, heading, ...readings.map(({ name, text }) => `${name} ${text}`.trim())];
  return words.filter((word) => word !== "").join(", ");
}
