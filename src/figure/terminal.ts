import { checkOptions, oneOf } from "../core/checks.ts";
import { inLanguage, type Language, languages } from "../core/text.ts";
import { placer, type Span, shareAlong, valueAlong } from "./along.ts";
import { BrailleCanvas } from "./braille.ts";
import { checkFigure } from "./check-figure.ts";
import { shareOf } from "./colors.ts";
import { dataRange, domainOf } from "./domain.ts";
import type { Axis, Curve, FigureSpec, Layer, ParallelPanel, PlanePanel } from "./figure-spec.ts";
import { type Lettered, lettered, letterOf } from "./letters.ts";
import { type OddKind, oddMarks, oddNames } from "./odd-values.ts";
import { horizonParts, isPastHorizon, pastHorizonWords } from "./past-horizon.ts";
import { displayWidth, fittedCells, padStart } from "./text-width.ts";
import { tickTexts } from "./ticks.ts";

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
/** Share of a scale of colours from which a value is drawn in colour; a terminal has no shades. */
const strongFrom = 0.8;

/**
 * Draws a figure with braille dots for a terminal: each panel with its axes' ends in numbers and the names of its runs.
 * Surfaces have no place there and are left out.
 * @throws HyperError, DataError as `renderSvg`
 */
export function renderTerminal(spec: FigureSpec, options: TerminalOptions): string {
  checkOptions("renderTerminal", options, { language: true, columns: true, rows: true, color: true });
  const { language } = options;
  oneOf("renderTerminal", "language", language, languages);
  checkFigure(spec);
  const lines = [inLanguage(spec.title, language)];
  for (const panel of spec.panels) {
    if (panel.kind === "plane") {
      lines.push("", ...drawPanel(panel, options));
    } else if (panel.kind === "parallel") {
      lines.push("", ...drawPanel(planeOf(panel), options));
    }
  }
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function drawPanel(panel: PlanePanel, options: TerminalOptions): string[] {
  const { language, columns, color } = options;
  const x = extent(panel, "x");
  const y = extent(panel, "y");
  const named = panel.y.tickLabels ?? [];
  // A line each for things that have a name at the side.
  const listed = panel.layers.some(({ kind }) => kind === "spans");
  const rows =
    listed && named.length > 0 ? listRows(named.length) : Math.max(options.rows ?? 14, Math.min(40, named.length));
  const labels = sideLabels(panel.y, y, rows, language, Math.floor(columns / 3));
  const left = [...labels.values()].reduce((most, label) => Math.max(most, displayWidth(label)), 0) + 1;
  const width = Math.max(10, columns - left - 2);
  const canvas = new BrailleCanvas(width, rows);
  const [atX, atY] = [placer(x), placer(y)];
  const point = (px: number | null, py: number | null): [number, number] | null => {
    const [sx, sy] = [atX(px ?? Number.NaN), atY(py ?? Number.NaN)];
    return Number.isFinite(sx) && Number.isFinite(sy) ? [sx, sy] : null;
  };
  for (const layer of panel.layers) {
    drawLayer(layer, canvas, point, { color, ground: y.scale === "log" ? y.domain[0] : 0 });
  }
  const names = lettered(panel, language);
  const odd = oddMarks(panel, { x, y });
  for (const mark of odd) {
    const shade = ansi[mark.style % ansi.length];
    canvas.sign(mark.x, mark.y, oddCharacters[mark.kind], shade);
    if (mark.text !== undefined) {
      canvas.words([mark.x, mark.y], ` ${inLanguage(mark.text, language)}`, shade);
    }
  }
  // After all lines, so that none runs over a letter.
  for (const layer of panel.layers) {
    const own = letterOf(layer, names, language);
    if (own !== null) {
      markLetters(layer, own, { canvas, point, names: names.size });
    }
  }
  const signs = [...new Set(odd.map(({ kind }) => kind))];
  const title = panel.title === undefined ? [] : [`${" ".repeat(left)}${inLanguage(panel.title, language)}`];
  const body = canvas.lines(color).map((line, i) => `${padStart(labels.get(i) ?? "", left - 1)} │${line}`);
  const name = fittedCells(inLanguage(panel.x.label, language), width - 4);
  return [
    ...title,
    ...(panel.y.label === "" ? [] : [`${" ".repeat(left)}${inLanguage(panel.y.label, language)}`]),
    ...body,
    `${" ".repeat(left)}└${"─".repeat(width)}`,
    ...bottomLabels(panel.x, x, name, width, language).map((line) => `${" ".repeat(left + 1)}${line}`),
    ...legend(panel, names, { language, color, width }).map((line) => `${" ".repeat(left + 1)}${line}`),
    ...signs.map((kind) => `${" ".repeat(left + 1)}${oddCharacters[kind]} ${inLanguage(oddNames[kind], language)}`),
  ];
}

/** Lines of a panel whose things have a name each: two a name, one where there are many. */
function listRows(count: number): number {
  return count > 20 ? Math.min(60, count) : Math.max(3, 2 * count);
}

/** How values that have no place look. */
const oddCharacters: Readonly<Record<OddKind, string>> = {
  above: "▲",
  below: "▼",
  left: "◀",
  right: "▶",
  lost: "⊗",
  broken: "⊗",
};

/** What stands left of which line: the names of the ticks, else the ends in numbers. */
function sideLabels(axis: Axis, span: Span, rows: number, language: Language, limit: number): Map<number, string> {
  if (axis.tickLabels === undefined || axis.ticks === undefined) {
    const [low, high] = tickTexts(span.domain);
    return new Map([
      [0, high],
      [rows - 1, low],
    ]);
  }
  const labels = axis.tickLabels.map((label, i): [number, string] => [
    Math.min(rows - 1, Math.max(0, Math.round((1 - shareAlong(axis.ticks![i], span)) * rows - 0.5))),
    fittedCells(inLanguage(label, language), limit),
  ]);
  return new Map(labels);
}

/** Under the axis: its ends in numbers about its name; or the names of its ticks where they stand, and then its name. */
function bottomLabels(axis: Axis, span: Span, name: string, width: number, language: Language): string[] {
  const { ticks, tickLabels } = axis;
  const between = (low: string, high: string) => {
    const space = Math.max(2, width - displayWidth(low) - displayWidth(high) - displayWidth(name));
    const before = " ".repeat(Math.floor(space / 2));
    return `${low}${before}${name}${" ".repeat(space - before.length)}${high}`;
  };
  if (ticks === undefined || tickLabels === undefined) {
    const [low, high] = tickTexts(span.domain);
    return [between(low, high)];
  }
  let line = "";
  ticks.forEach((at, i) => {
    const text = fittedCells(inLanguage(tickLabels[i], language), Math.max(1, Math.floor(width / ticks.length) - 1));
    const middle = shareAlong(at, span) * (width - 1);
    const centred = Math.min(Math.round(middle - displayWidth(text) / 2), width - displayWidth(text));
    const start = Math.max(displayWidth(line) + (i === 0 ? 0 : 1), centred);
    if (start + displayWidth(text) <= width) {
      line += `${" ".repeat(start - displayWidth(line))}${text}`;
    }
  });
  return name === ""
    ? [line]
    : [line, `${" ".repeat(Math.max(0, Math.floor((width - displayWidth(name)) / 2)))}${name}`];
}

/** Parallel coordinates as a plane: the axes' numbers along x, shares of their domains along y. */
function planeOf({ title, axes, lines, colors }: ParallelPanel): PlanePanel {
  const strong = lines.filter(({ value }) => value !== null && shareOf(colors, value) >= strongFrom);
  const weak = lines.filter((line) => !strong.includes(line));
  const paths = (which: typeof lines, style: number) =>
    which.map(({ at }) => ({
      kind: "curve" as const,
      name: "",
      style,
      role: "line" as const,
      x: at.map((_, i) => i),
      y: at.map((v, i) => (v === null ? null : Math.min(1, Math.max(0, shareAlong(v, axes[i]))))),
    }));
  return {
    kind: "plane",
    title,
    x: {
      label: "",
      domain: [0, Math.max(1, axes.length - 1)],
      ticks: axes.map((_, i) => i),
      tickLabels: axes.map(({ label }) => label),
    },
    y: { label: "", domain: [0, 1] },
    layers: [...paths(weak, 7), ...paths(strong, 0)],
  };
}

type Place = (x: number | null, y: number | null) => [number, number] | null;

function drawLayer(
  layer: Layer,
  canvas: BrailleCanvas,
  point: Place,
  { color, ground }: { readonly color: boolean /** What bars stand on. */; readonly ground: number },
): void {
  switch (layer.kind) {
    case "curve":
      // Raw measurements would bury the smoothed curve under dots.
      if (layer.role === "raw") {
        return;
      }
      drawCurve(layer, canvas, point);
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
    case "points": {
      const { value, colors } = layer;
      layer.x.forEach((x, i) => {
        const v = value?.[i] ?? null;
        const weak = colors !== undefined && (v === null || shareOf(colors, v) < strongFrom);
        canvas.polyline([point(x, layer.y[i])], weak ? dimmed : ansi[layer.style % ansi.length]);
      });
      return;
    }
    case "spans":
      layer.y.forEach((y, i) => {
        const half = layer.height / 2;
        canvas.rectangle(
          point(layer.low[i], y - half),
          point(layer.high[i], y + half),
          ansi[layer.style % ansi.length],
        );
      });
      return;
    case "heat":
      if (color) {
        const level = valueAlong(layer.colors.reverse ? 1 - strongFrom : strongFrom, layer.colors);
        drawContour({ kind: "contour", grid: layer.grid, levels: [level] }, canvas, point);
      }
      return;
    case "bars":
      layer.counts.forEach((count, i) => {
        const middle = layer.edges[i] / 2 + layer.edges[i + 1] / 2;
        const top = Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, count));
        canvas.polyline([point(middle, ground), point(middle, top)], ansi[layer.style % ansi.length]);
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

/** Puts a layer's letter on it: at its end, and at a place between where those of the others have theirs elsewhere. */
function markLetters(
  layer: Layer,
  { letter, place }: { readonly letter: string; readonly place: number },
  { canvas, point, names }: { readonly canvas: BrailleCanvas; readonly point: Place; readonly names: number },
): void {
  const points =
    layer.kind === "curve" || layer.kind === "path" || layer.kind === "points"
      ? layer.x.map((x, i) => point(x, layer.y[i]))
      : layer.kind === "spans"
        ? layer.low.map((low, i) => point(low, layer.y[i]))
        : [];
  const inside = (share: number) => share >= 0 && share <= 1;
  const seen = points.flatMap((at) => (at?.every(inside) ? [at] : []));
  if (seen.length === 0 || !("style" in layer)) {
    return;
  }
  const every =
    layer.kind === "points" ? seen.map((_, i) => i).filter((i) => i % Math.ceil(seen.length / 24) === 0) : [];
  const between = [1, 2].map((turn) => Math.floor((seen.length * (turn - (place + 0.5) / names)) / 2));
  for (const index of [...every, ...between, seen.length - 1]) {
    // Where another letter stands already, a little before it.
    const step = Math.max(1, Math.floor(seen.length / 60));
    for (let i = index, tries = 0; i >= 0 && tries < 20; i -= step, tries++) {
      if (canvas.letter(seen[i], letter, ansi[layer.style % ansi.length])) {
        break;
      }
    }
  }
}

/** Past its horizon without its colour. */
function drawCurve(layer: Curve, canvas: BrailleCanvas, point: Place): void {
  const parts = horizonParts(layer);
  const line = ({ x, y }: Pick<Curve, "x" | "y">, shade: number) =>
    canvas.polyline(
      x.map((at, i) => point(at, y[i])),
      shade,
    );
  if (parts !== null) {
    line(parts.past, dimmed);
  }
  line(parts?.before ?? layer, ansi[layer.style % ansi.length]);
}

/** A dot wherever two neighbours of the grid lie on different sides of a level. */
function drawContour({ grid, levels }: Layer & { kind: "contour" }, canvas: BrailleCanvas, point: Place): void {
  const columns = grid.x.length;
  const band = (z: number | null) => (z === null || Number.isNaN(z) ? -1 : levels.filter((level) => z >= level).length);
  for (let j = 0; j < grid.y.length; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      if (band(grid.z[j * columns + i]) !== band(grid.z[j * columns + i + 1])) {
        canvas.polyline([point(grid.x[i], grid.y[j])], dimmed);
      }
    }
  }
}

/** The runs' names behind their letters, as many to a line as fit. */
function legend(
  { layers }: PlanePanel,
  named: ReadonlyMap<string, Lettered>,
  { language, color, width }: { readonly language: Language; readonly color: boolean; readonly width: number },
): string[] {
  const names = [...named.values()];
  if (layers.some((layer) => layer.kind === "curve" && layer.role !== "raw" && isPastHorizon(layer))) {
    names.push({ name: inLanguage(pastHorizonWords, language), style: ansi.indexOf(dimmed), letter: "■" });
  }
  const lines: string[] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const { name, style, letter } of names) {
    const wide = displayWidth(name) + 4;
    const entry = color ? `\u001b[${ansi[style % ansi.length]}m${letter} ${name}\u001b[0m` : `${letter} ${name}`;
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
function extent(panel: PlanePanel, which: "x" | "y"): Span {
  const axis = panel[which];
  const log = axis.scale === "log";
  const domain = axis.domain === undefined ? dataRange(panel, which, log) : domainOf(panel, which);
  return { domain, scale: axis.scale };
}
