import * as Plot from "@observablehq/plot";
import { inLanguage, type Language, type Text } from "../core/text.ts";
import { axisScale } from "./axis-scale.ts";
import { bandPolygons } from "./band-shapes.ts";
import { contourLines } from "./canvas/contour-lines.ts";
import { type ClippedPoint, clipLine, clipSegment, isNear, isSeen, reach } from "./clip.ts";
import { colorOf, scaleOf } from "./colors.ts";
import { endNameSize, endNames } from "./end-names.ts";
import type { Band, Bars, Contour, Curve, Heat, Layer, Path, PlanePanel, Points, Rule, Spans } from "./figure-spec.ts";
import { heatCells } from "./heat.ts";
import { dashOf } from "./legend.ts";
import { placeOdd } from "./odd-signs.ts";
import { oddMarks } from "./odd-values.ts";
import { horizonParts, pastDash, pastOpacity } from "./past-horizon.ts";
import { marginsOf, planeHeight, tickTurn } from "./plane-frame.ts";
import { type PlotAxis, plotAxis } from "./plot-axis.ts";
import { sampled } from "./sampled.ts";
import { runStyle, type Theme } from "./style.ts";
import { oddMarkup } from "./svg-legend.ts";
import { words } from "./svg-words.ts";
import { dense, thinLine, thinMarks } from "./thin.ts";

export interface PlaneOptions {
  readonly language: Language;
  readonly theme: Theme;
  readonly width: number;
  readonly document: Document;
}

/** Draws one panel with Observable Plot: an `<svg>` element of {@link planeHeight}. */
export function drawPlane(panel: PlanePanel, { language, theme, width, document }: PlaneOptions): Element {
  const margin = marginsOf(panel, width, language);
  const height = planeHeight(panel, width, language);
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const say = (text: Text) => inLanguage(text, language);
  const x = plotAxis(panel, "x", { language, width, pixels: inner.width });
  const y = plotAxis(panel, "y", { language, width, pixels: inner.height });
  const frame: PlotFrame = { panel, x, y, ...inner };
  return Plot.plot({
    document,
    width,
    height,
    marginLeft: margin.left,
    marginRight: margin.right,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    style: { background: "none", color: theme.ink, fontSize: "11px", overflow: "visible" },
    x: x.scale,
    y: y.scale,
    marks: [
      Plot.gridX({ stroke: theme.faint, strokeOpacity: 1, ...x.grid }),
      Plot.gridY({ stroke: theme.faint, strokeOpacity: 1, ...y.grid }),
      Plot.frame({ stroke: theme.faint }),
      ...panel.layers.flatMap((layer) => marksOf(layer, frame, say, theme)),
      Plot.axisX({
        label: say(panel.x.label),
        labelAnchor: "center",
        labelArrow: "none",
        labelOffset: Math.max(36, margin.bottom - 6),
        ...x.ticks,
        ...(margin.turned ? { tickRotate: (-tickTurn * 180) / Math.PI, textAnchor: "end" } : {}),
      }),
      Plot.axisY({
        label: say(panel.y.label),
        labelAnchor: "center",
        labelArrow: "none",
        labelOffset: Math.max(50, margin.left - 8),
        ...y.ticks,
      }),
    ],
  }) as unknown as Element;
}

/** The signs of values that have no place in a panel, as SVG markup over it. */
export function oddSigns(
  panel: PlanePanel,
  { language, theme, width }: { language: Language; theme: Theme; width: number },
): string {
  const margin = marginsOf(panel, width, language);
  const bottom = planeHeight(panel, width, language) - margin.bottom;
  const plot = { left: margin.left, right: width - margin.right, top: margin.top, bottom };
  return placeOdd(oddMarks(panel), plot)
    .map(({ mark, words: place, x, y }) => {
      const { color } = runStyle(mark.style);
      const at = { x: Number(x.toFixed(1)), y: Number(y.toFixed(1)), color, background: theme.background };
      const told = mark.text === undefined || place === null ? null : inLanguage(mark.text, language);
      const look = { size: 11, weight: 700, theme: { ...theme, ink: color } };
      return oddMarkup(mark.kind, at) + (told === null || place === null ? "" : words(told, { ...place, ...look }));
    })
    .join("");
}

/** The names at the ends of a panel's curves, as SVG markup over it. */
export function endNamesMarkup(
  panel: PlanePanel,
  { language, theme, width }: { language: Language; theme: Theme; width: number },
): string {
  const margin = marginsOf(panel, width, language);
  const bottom = planeHeight(panel, width, language) - margin.bottom;
  const options = { language, panelWidth: width };
  const x = axisScale(panel, "x", [margin.left, width - margin.right], options);
  const y = axisScale(panel, "y", [bottom, margin.top], options);
  return endNames(panel, { language, x, y, top: margin.top, bottom, right: width })
    .map(({ text, color, x: at, y: base }) =>
      words(text, { x: at, y: base, size: endNameSize, weight: 700, theme: { ...theme, ink: color } }),
    )
    .join("");
}

/** A panel with its axes, and the pixels of its plotting area. */
interface PlotFrame {
  readonly panel: PlanePanel;
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly width: number;
  readonly height: number;
}

type Say = (text: Text) => string;
/** In the units that Plot is given. */
interface PlotPoint {
  readonly x: number;
  readonly y: number;
}

/** Plot leaves a gap where a value is NaN. */
const gapInLine: PlotPoint = { x: Number.NaN, y: Number.NaN };
/** Pixels by which a point on the frame may miss it; a mark there is whole. */
const edge = 0.5;

function marksOf(layer: Layer, frame: PlotFrame, say: Say, theme: Theme): Plot.Markish[] {
  switch (layer.kind) {
    case "curve":
      return curveMarks(layer, frame, theme);
    case "path":
      return pathMarks(layer, frame, theme);
    case "contour":
      return contourMarks(layer, frame, theme);
    case "heat":
      return heatMarks(layer, frame, theme);
    case "bars":
      return barMarks(layer, frame);
    case "spans":
      return spanMarks(layer, frame, theme);
    case "band":
      return bandMarks(layer, frame);
    case "points":
      return pointMarks(layer, frame, theme);
    case "rule":
      return ruleMarks(layer, frame, say, theme);
    case "label": {
      const { x, y } = frame;
      if (!isNear(x.share(layer.x), y.share(layer.y), nearEdge)) {
        return [];
      }
      const at = { x: [x.at(layer.x)], y: [y.at(layer.y)] };
      return [Plot.text([say(layer.text)], { ...at, text: (d: string) => d, fill: theme.ink, fontSize: 12 })];
    }
  }
}

/** How far outside of a panel something may stand that has a place of its own. */
const nearEdge = 0.02;

interface Line {
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
}

function sharesOf({ x, y }: Line, frame: PlotFrame): { xs: Float64Array; ys: Float64Array } {
  return {
    xs: Float64Array.from(x, (value) => frame.x.share(value ?? Number.NaN)),
    ys: Float64Array.from(y, (value) => frame.y.share(value ?? Number.NaN)),
  };
}

function pointAt({ x, y }: Line, i: number, frame: PlotFrame): PlotPoint {
  return { x: frame.x.at(x[i] ?? Number.NaN), y: frame.y.at(y[i] ?? Number.NaN) };
}

/** The points of a line that Plot joins: cut to the panel and what is near, gaps between the pieces. */
function lineOf(line: Line, order: ArrayLike<number> | null, frame: PlotFrame): PlotPoint[] {
  const { xs, ys } = sharesOf(line, frame);
  const points: PlotPoint[] = [];
  const at = (point: ClippedPoint): PlotPoint =>
    typeof point === "number" ? pointAt(line, point, frame) : { x: frame.x.back(point[0]), y: frame.y.back(point[1]) };
  for (const piece of clipLine(xs, ys, order)) {
    if (points.length > 0) {
      points.push(gapInLine);
    }
    for (const point of piece) {
      points.push(at(point));
    }
  }
  return points;
}

/** The points of a layer that are marked: those that can be seen, and of too many some. */
function markedOf(line: Line, frame: PlotFrame): number[] {
  const { xs, ys } = sharesOf(line, frame);
  const { width, height } = frame;
  return thinMarks(xs, ys, { width, height, margin: edge / Math.max(1, Math.min(width, height)) });
}

function curveMarks(layer: Curve, frame: PlotFrame, theme: Theme): Plot.Markish[] {
  const { color, marker } = runStyle(layer.style);
  const raw = layer.role === "raw";
  const dashes = dashOf(layer);
  const marks: Plot.Markish[] = [];
  const draw = (line: Line, past: boolean) => {
    const { xs, ys } = sharesOf(line, frame);
    const points = lineOf(line, thinLine(xs, ys, { columns: frame.width, columnWidth: 1 / frame.width }), frame);
    if (points.length > 0) {
      marks.push(
        Plot.line(points, {
          x: "x",
          y: "y",
          stroke: color,
          strokeWidth: raw ? 0.6 : layer.role === "smooth" ? 2 : 1.6,
          strokeOpacity: raw ? 0.22 : past ? pastOpacity : 1,
          strokeDasharray: raw ? undefined : past ? pastDash : dashes === "" ? undefined : dashes,
          clip: true,
        }),
      );
    }
  };
  const parts = raw ? null : horizonParts(layer);
  draw(parts?.before ?? layer, false);
  if (parts !== null) {
    draw(parts.past, true);
    const mark = { x: [parts.mark?.x ?? null], y: [parts.mark?.y ?? null] };
    const crosses = markedOf(mark, frame).map((i) => pointAt(mark, i, frame));
    if (crosses.length > 0) {
      marks.push(Plot.dot(crosses, { x: "x", y: "y", symbol: "times", r: 4, stroke: color, strokeWidth: 1.8 }));
    }
  }
  const every = layer.markEvery;
  if (every !== undefined) {
    const step = every * Math.max(1, Math.ceil(layer.x.length / every / (frame.width / 2)));
    const some = (values: Line["x"]) => values.filter((_, i) => i % step === 0);
    const marked = { x: some(layer.x), y: some(layer.y) };
    const dots = markedOf(marked, frame).map((i) => pointAt(marked, i, frame));
    marks.push(...dotMarks(dots, { symbol: marker, r: 4, color, strokeWidth: 1.6 }, theme));
  }
  return marks;
}

function pathMarks(layer: Path, frame: PlotFrame, theme: Theme): Plot.Markish[] {
  const { color, marker } = runStyle(layer.style);
  const points = lineOf(layer, stepsOf(layer, frame), frame);
  const dots = markedOf(layer, frame).map((i) => pointAt(layer, i, frame));
  return [
    ...(points.length === 0
      ? []
      : [Plot.line(points, { x: "x", y: "y", stroke: color, strokeWidth: 1.8, clip: true })]),
    ...dotMarks(dots, { symbol: marker, r: 3, color, strokeWidth: 1.4 }, theme),
  ];
}

/** Of a path with more points than pixels those that are a pixel from the one before; −1 is a gap. Null for all. */
function stepsOf(layer: Path, frame: PlotFrame): number[] | null {
  const { xs, ys } = sharesOf(layer, frame);
  const order = thinLine(xs, ys, { columns: frame.width, columnWidth: 1 / frame.width });
  if (order === null) {
    return null;
  }
  const kept: number[] = [];
  let before = -1;
  for (const i of order) {
    const gap = i < 0;
    const moved =
      before < 0 || Math.abs(xs[i] - xs[before]) * frame.width >= 1 || Math.abs(ys[i] - ys[before]) * frame.height >= 1;
    if (gap ? before >= 0 : moved) {
      kept.push(gap ? -1 : i);
    }
    before = gap ? -1 : moved ? i : before;
  }
  return kept;
}

function dotMarks(
  dots: readonly PlotPoint[],
  look: { symbol: Plot.SymbolType; r: number; color: string; strokeWidth: number },
  theme: Theme,
): Plot.Markish[] {
  const { symbol, r, color, strokeWidth } = look;
  return dots.length === 0
    ? []
    : [Plot.dot(dots, { x: "x", y: "y", symbol, r, fill: theme.background, stroke: color, strokeWidth })];
}

/** A rectangle cut to the panel and what is near; null when nothing of it can be seen. */
function boxIn(
  { x, y }: PlotFrame,
  { x1, x2, y1, y2 }: { x1: number; x2: number; y1: number; y2: number },
): { x1: number; x2: number; y1: number; y2: number } | null {
  const side = (axis: PlotAxis, a: number, b: number): [number, number] | null => {
    const [from, to] = [shareOrEnd(axis, a), shareOrEnd(axis, b)];
    const seen = Math.max(from, to) >= -nearEdge && Math.min(from, to) <= 1 + nearEdge;
    const at = (share: number, value: number) =>
      share >= -reach && share <= 1 + reach ? axis.at(value) : axis.back(Math.min(1 + reach, Math.max(-reach, share)));
    return seen ? [at(from, a), at(to, b)] : null;
  };
  const [across, up] = [side(x, x1, x2), side(y, y1, y2)];
  return across === null || up === null ? null : { x1: across[0], x2: across[1], y1: up[0], y2: up[1] };
}

/** As an axis's share; an end that has no place lies as far away as its sign says. NaN for what is no number. */
function shareOrEnd({ share, span }: PlotAxis, value: number): number {
  const log = span.scale === "log" && value <= 0;
  return Number.isFinite(value) && !log ? share(value) : log ? -far : value * far;
}
const far = 1e150;

function heatMarks(layer: Heat, frame: PlotFrame, theme: Theme): Plot.Markish[] {
  const cells = heatCells(layer, frame.panel, theme).flatMap((cell) => {
    const box = boxIn(frame, cell);
    return box === null ? [] : [{ ...box, fill: cell.fill }];
  });
  return cells.length === 0
    ? []
    : [
        Plot.rect(cells, {
          x1: "x1",
          x2: "x2",
          y1: "y1",
          y2: "y2",
          fill: "fill",
          // Else the page would show through where neighbours meet.
          inset: -0.4,
          shapeRendering: "crispEdges",
          clip: true,
        }),
      ];
}

function spanMarks({ low, high, y, height, style }: Spans, frame: PlotFrame, theme: Theme): Plot.Markish[] {
  const half = height / 2;
  const seen = new Set<string>();
  const spans = y.flatMap((middle, i) => {
    const box = boxIn(frame, { x1: low[i], x2: high[i], y1: middle - half, y2: middle + half });
    if (box === null || Number.isNaN(box.x1 + box.x2 + box.y1 + box.y2)) {
      return [];
    }
    // Of a multitude those on the same pixels are one.
    const pixels = [frame.x.share(low[i]) * frame.width, frame.x.share(high[i]) * frame.width].map(Math.round);
    const key = `${pixels.join()},${Math.round(frame.y.share(middle) * frame.height)}`;
    if (y.length > dense * frame.width && seen.has(key)) {
      return [];
    }
    seen.add(key);
    return [box];
  });
  return spans.length === 0
    ? []
    : [
        Plot.rect(spans, {
          x1: "x1",
          x2: "x2",
          y1: "y1",
          y2: "y2",
          fill: runStyle(style).color,
          stroke: theme.background,
          strokeWidth: 0.4,
          clip: true,
        }),
      ];
}

function barMarks(layer: Bars, frame: PlotFrame): Plot.Markish[] {
  const { edges, counts } = thinBars(layer, frame);
  // Bars stand on 0, or on the axis where it has no 0.
  const ground = frame.y.span.scale === "log" ? frame.y.span.domain[0] : 0;
  const bins = counts.flatMap((count, i) => {
    const box = boxIn(frame, { x1: edges[i], x2: edges[i + 1], y1: ground, y2: count });
    return box === null || Number.isNaN(box.y2) ? [] : [box];
  });
  return bins.length === 0
    ? []
    : [
        Plot.rect(bins, {
          x1: "x1",
          x2: "x2",
          y1: "y1",
          y2: "y2",
          fill: runStyle(layer.style).color,
          insetLeft: 0.5,
          clip: true,
        }),
      ];
}

/** Bars narrower than a pixel are one, as high as the highest. */
function thinBars({ edges, counts }: Bars, { x, width }: PlotFrame): Pick<Bars, "edges" | "counts"> {
  if (counts.length <= width) {
    return { edges, counts };
  }
  const [fewerEdges, fewer]: [number[], number[]] = [[edges[0]], []];
  counts.forEach((count, i) => {
    const from = fewerEdges.at(-1) as number;
    const most = fewer.length < fewerEdges.length ? count : Math.max(fewer.at(-1) as number, count);
    if (fewer.length < fewerEdges.length) {
      fewer.push(most);
    } else {
      fewer[fewer.length - 1] = most;
    }
    if ((x.share(edges[i + 1]) - x.share(from)) * width >= 1 || i === counts.length - 1) {
      fewerEdges.push(edges[i + 1]);
    }
  });
  return { edges: fewerEdges, counts: fewer };
}

function bandMarks(layer: Band, frame: PlotFrame): Plot.Markish[] {
  const polygons = bandPolygons(layer, { x: frame.x.span, y: frame.y.span, width: frame.width });
  const seen = polygons.filter((polygon) => isAreaSeen(polygon));
  if (seen.length === 0) {
    return [];
  }
  const fill = { fill: runStyle(layer.style).color, fillOpacity: 0.18, clip: true } as const;
  const near = (value: number | null, axis: PlotAxis) =>
    value === null || Number.isNaN(value) || isNear(axis.share(value), 0, reach);
  const whole =
    layer.x.length <= dense * frame.width &&
    layer.x.every((x, i) => near(x, frame.x) && near(layer.low[i], frame.y) && near(layer.high[i], frame.y));
  if (whole) {
    const value = (axis: PlotAxis, at: number | null) => axis.at(at ?? Number.NaN);
    const band = layer.x.map((x, i) => ({
      x: frame.x.at(x),
      low: value(frame.y, layer.low[i]),
      high: value(frame.y, layer.high[i]),
    }));
    return [Plot.areaY(band, { x: "x", y1: "low", y2: "high", ...fill })];
  }
  const points = seen.flatMap((polygon, z) => polygon.map(([x, y]) => ({ x: frame.x.back(x), y: frame.y.back(y), z })));
  return [Plot.line(points, { x: "x", y: "y", z: "z", ...fill, stroke: "none" })];
}

function isAreaSeen(polygon: readonly (readonly [number, number])[]): boolean {
  let [left, right, bottom, top] = [1, 0, 1, 0].map(Number);
  [left, right, bottom, top] = [far, -far, far, -far];
  for (const [x, y] of polygon) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    bottom = Math.min(bottom, y);
    top = Math.max(top, y);
  }
  return left < 1 && right > 0 && bottom < 1 && top > 0;
}

function pointMarks(layer: Points, frame: PlotFrame, theme: Theme): Plot.Markish[] {
  const { color } = runStyle(layer.style);
  const { value, colors, marker = "dot" } = layer;
  const scale = colors ?? scaleOf(value ?? []);
  const fillOf = (i: number) => (value === undefined ? color : colorOf(scale, value[i], theme));
  const dots = markedOf(layer, frame).map((i) => ({ ...pointAt(layer, i, frame), fill: fillOf(i) }));
  if (dots.length === 0) {
    return [];
  }
  if (marker !== "dot") {
    const symbol = marker === "ring" ? "circle" : "times";
    const at = { x: "x", y: "y", symbol, r: marker === "ring" ? 3 : 3.2 } as const;
    return [Plot.dot(dots, { ...at, fill: "none", stroke: "fill", strokeWidth: 1.2 })];
  }
  return [
    Plot.dot(dots, {
      x: "x",
      y: "y",
      r: 3.5,
      fill: "fill",
      stroke: theme.background,
      strokeWidth: colors === undefined ? 0.5 : 1,
    }),
  ];
}

function ruleMarks(layer: Rule, frame: PlotFrame, say: Say, theme: Theme): Plot.Markish[] {
  const axis = frame[layer.axis];
  if (!isNear(axis.share(layer.at), 0, nearEdge)) {
    return [];
  }
  const at = axis.at(layer.at);
  const style = { stroke: theme.ink, strokeDasharray: "4 3", strokeOpacity: 0.7 };
  const rule = layer.axis === "x" ? Plot.ruleX([at], style) : Plot.ruleY([at], style);
  if (layer.label === undefined) {
    return [rule];
  }
  const text = [say(layer.label)];
  const words = { text: (d: string) => d, fill: theme.ink };
  return [
    rule,
    layer.axis === "x"
      ? Plot.text(text, {
          x: [at],
          frameAnchor: "top",
          ...words,
          ...besideRule(axis.share(layer.at) * frame.width, frame),
        })
      : Plot.text(text, { y: [at], frameAnchor: "right", ...words, textAnchor: "end", dy: -6 }),
  ];
}

/** Words beside an upright line: right of it, or left of it where the panel ends. */
function besideRule(pixel: number, { width }: PlotFrame): { textAnchor: "start" | "end"; dx: number } {
  return pixel > width - 70 ? { textAnchor: "end", dx: -4 } : { textAnchor: "start", dx: 4 };
}

/** Columns and rows of a field that a picture can show. */
const mostSamples = 400;

function contourMarks({ grid, levels }: Contour, frame: PlotFrame, theme: Theme): Plot.Markish[] {
  const style = { fill: "none", stroke: theme.ink, strokeOpacity: 0.28, strokeWidth: 0.8, clip: true } as const;
  const field = sampled(grid, mostSamples);
  const pieces = contourLines(field, levels);
  const points: PlotPoint[] = [];
  for (let i = 0; i < pieces.length; i += 4) {
    const shares = [frame.x.share(pieces[i]), frame.y.share(pieces[i + 1])];
    const ends = [frame.x.share(pieces[i + 2]), frame.y.share(pieces[i + 3])];
    const cut = clipSegment([shares[0], shares[1], ends[0], ends[1]], reach);
    if (cut !== null && isSeen(cut)) {
      points.push(
        { x: frame.x.back(cut[0]), y: frame.y.back(cut[1]) },
        { x: frame.x.back(cut[2]), y: frame.y.back(cut[3]) },
        gapInLine,
      );
    }
  }
  if (points.length === 0) {
    return [];
  }
  if (!isSmooth(field, frame)) {
    return [Plot.line(points, { x: "x", y: "y", ...style })];
  }
  const columns = field.x.length;
  const rows = field.y.length;
  const stepX = (field.x[columns - 1] - field.x[0]) / (columns - 1);
  const stepY = (field.y[rows - 1] - field.y[0]) / (rows - 1);
  // Plot takes samples as cells' centres: the extent reaches half a step beyond the first and last.
  return [
    Plot.contour(
      field.z.map((z) => z ?? Number.NaN),
      {
        width: columns,
        height: rows,
        x1: field.x[0] - stepX / 2,
        x2: field.x[columns - 1] + stepX / 2,
        y1: field.y[0] - stepY / 2,
        y2: field.y[rows - 1] + stepY / 2,
        thresholds: [...levels],
        ...style,
      },
    ),
  ];
}

/** Whether Plot's own contours can be used: the field lies in the panel or near it, in units of its own, and is finite. */
function isSmooth({ x, y, z }: Contour["grid"], frame: PlotFrame): boolean {
  const near = (axis: PlotAxis, ends: readonly (number | undefined)[]) =>
    ends.every((end) => end !== undefined && axis.at(end) === end && isNear(axis.share(end), 0, reach));
  return (
    near(frame.x, [x[0], x.at(-1)]) &&
    near(frame.y, [y[0], y.at(-1)]) &&
    z.every((value) => value === null || Math.abs(value) < 1e100)
  );
}
