import { inLanguage, type Language } from "../core/text.ts";
import { BrailleCanvas } from "./braille.ts";
import type { Axis, FigureSpec, Layer, PlanePanel } from "./figure-spec.ts";
import { displayWidth, padStart } from "./text-width.ts";

export interface TerminalOptions {
  readonly language: Language;
  /** Cells a line; nothing drawn is wider. */
  readonly columns: number;
  /** Lines of a panel's plotting area; 14 when absent. */
  readonly rows?: number;
  readonly color: boolean;
}

/** ANSI colours in the order of the run styles. */
const ansi = [34, 33, 32, 35, 31, 36, 94, 90];
const dimmed = 90;

/**
 * Draws a figure with braille dots for a terminal: each panel with its axes' ends in numbers and the names of its runs.
 * Surfaces have no place there and are left out.
 */
export function renderTerminal(spec: FigureSpec, options: TerminalOptions): string {
  const { language } = options;
  const lines = [inLanguage(spec.title, language)];
  for (const panel of spec.panels) {
    if (panel.kind === "plane") {
      lines.push("", ...drawPanel(panel, options));
    }
  }
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function drawPanel(panel: PlanePanel, { language, columns, rows = 14, color }: TerminalOptions): string[] {
  const x = extent(panel.x, panel.layers, "x");
  const y = extent(panel.y, panel.layers, "y");
  const yLabels = [tick(y[1]), tick(y[0])];
  const left = Math.max(...yLabels.map(displayWidth)) + 1;
  const width = Math.max(10, columns - left - 2);
  const canvas = new BrailleCanvas(width, rows);
  const place = (value: number, axis: Axis, [low, high]: readonly [number, number]) =>
    axis.scale === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  const point = (px: number | null, py: number | null): [number, number] | null =>
    px === null || py === null || Number.isNaN(px) || Number.isNaN(py)
      ? null
      : [place(px, panel.x, x), place(py, panel.y, y)];
  for (const layer of panel.layers) {
    drawLayer(layer, canvas, point, color);
  }
  const title = panel.title === undefined ? [] : [`${" ".repeat(left)}${inLanguage(panel.title, language)}`];
  const body = canvas.lines(color).map((line, i) => {
    const label = i === 0 ? yLabels[0] : i === rows - 1 ? yLabels[1] : "";
    return `${padStart(label, left - 1)} │${line}`;
  });
  const [low, high] = [tick(x[0]), tick(x[1])];
  const name = inLanguage(panel.x.label, language);
  const space = Math.max(2, width - displayWidth(low) - displayWidth(high) - displayWidth(name));
  const before = " ".repeat(Math.floor(space / 2));
  const after = " ".repeat(space - before.length);
  return [
    ...title,
    `${" ".repeat(left)}${inLanguage(panel.y.label, language)}`,
    ...body,
    `${" ".repeat(left)}└${"─".repeat(width)}`,
    `${" ".repeat(left + 1)}${low}${before}${name}${after}${high}`,
    ...legend(panel, language, color, width).map((line) => `${" ".repeat(left + 1)}${line}`),
  ];
}

type Place = (x: number | null, y: number | null) => [number, number] | null;

function drawLayer(layer: Layer, canvas: BrailleCanvas, point: Place, color: boolean): void {
  switch (layer.kind) {
    case "curve":
      // Raw measurements would bury the smoothed curve under dots.
      if (layer.role === "raw") {
        return;
      }
      canvas.polyline(
        layer.x.map((x, i) => point(x, layer.y[i])),
        ansi[layer.style % ansi.length],
      );
      return;
    case "path":
      canvas.polyline(
        layer.x.map((x, i) => point(x, layer.y[i])),
        ansi[layer.style % ansi.length],
      );
      return;
    case "band":
      for (const edge of [layer.low, layer.high]) {
        canvas.polyline(
          layer.x.map((x, i) => point(x, edge[i])),
          dimmed,
        );
      }
      return;
    case "points":
      layer.x.forEach((x, i) => {
        canvas.polyline([point(x, layer.y[i])], ansi[layer.style % ansi.length]);
      });
      return;
    case "bars":
      layer.counts.forEach((count, i) => {
        const middle = (layer.edges[i] + layer.edges[i + 1]) / 2;
        canvas.polyline([point(middle, 0), point(middle, count)], ansi[layer.style % ansi.length]);
      });
      return;
    case "contour":
      if (color) {
        drawContour(layer, canvas, point);
      }
      return;
    case "rule":
    case "label":
      return;
  }
}

/** A dot wherever two neighbours of the grid lie on different sides of a level. */
function drawContour({ grid, levels }: Layer & { kind: "contour" }, canvas: BrailleCanvas, point: Place): void {
  const columns = grid.x.length;
  const band = (z: number | null) => (z === null ? -1 : levels.filter((level) => z >= level).length);
  for (let j = 0; j < grid.y.length; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      if (band(grid.z[j * columns + i]) !== band(grid.z[j * columns + i + 1])) {
        canvas.polyline([point(grid.x[i], grid.y[j])], dimmed);
      }
    }
  }
}

/** The runs' names, as many to a line as fit. */
function legend({ layers }: PlanePanel, language: Language, color: boolean, width: number): string[] {
  const names = new Map<string, number>();
  for (const layer of layers) {
    if ((layer.kind === "curve" && layer.role !== "raw") || layer.kind === "path") {
      names.set(inLanguage(layer.name, language), layer.style);
    }
  }
  if (names.size === 0) {
    return [];
  }
  const lines: string[] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const [name, style] of names) {
    const wide = displayWidth(name) + 4;
    const entry = color ? `\u001b[${ansi[style % ansi.length]}m■ ${name}\u001b[0m` : `■ ${name}`;
    if (used + wide > width) {
      lines.push(entry);
      used = wide;
    } else {
      lines[lines.length - 1] += `  ${entry}`;
      used += wide;
    }
  }
  return lines;
}

/** The axis's domain, else the range of what is drawn. */
function extent(axis: Axis, layers: readonly Layer[], which: "x" | "y"): readonly [number, number] {
  if (axis.domain !== undefined) {
    return axis.domain;
  }
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of layers.flatMap((layer) => valuesOf(layer, which))) {
    if (value !== null && Number.isFinite(value) && (axis.scale !== "log" || value > 0)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low < high ? [low, high] : low === high ? [low - 0.5, high + 0.5] : [0, 1];
}

function valuesOf(layer: Layer, which: "x" | "y"): readonly (number | null)[] {
  switch (layer.kind) {
    case "curve":
    case "path":
    case "points":
      return layer[which];
    case "band":
      return which === "x" ? layer.x : [...layer.low, ...layer.high];
    case "bars":
      return which === "x" ? layer.edges : [0, ...layer.counts];
    case "contour":
      return layer.grid[which];
    case "rule":
      return layer.axis === which ? [layer.at] : [];
    case "label":
      return [layer[which]];
  }
}

function tick(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(0) : String(Number(value.toPrecision(3)));
}
