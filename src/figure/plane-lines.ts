import * as Plot from "@observablehq/plot";
import { type ClippedPoint, clipLine } from "./clip.ts";
import { colorOf, scaleOf } from "./colors.ts";
import type { Curve, Path, Points } from "./figure-spec.ts";
import { dashOf } from "./legend.ts";
import { horizonParts, pastDash, pastOpacity } from "./past-horizon.ts";
import { edge, gapInLine, type PlotFrame, type PlotPoint } from "./plane-plot.ts";
import { runStyle, type Theme } from "./style.ts";
import { thinLine, thinMarks } from "./thin.ts";

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

export function curveMarks(layer: Curve, frame: PlotFrame, theme: Theme): Plot.Markish[] {
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

export function pathMarks(layer: Path, frame: PlotFrame, theme: Theme): Plot.Markish[] {
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

export function pointMarks(layer: Points, frame: PlotFrame, theme: Theme): Plot.Markish[] {
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
