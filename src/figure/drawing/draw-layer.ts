import type { Text } from "../../core/text.ts";
import { bandPolygons } from "../band-shapes.ts";
import { reach } from "../clip.ts";
import { colorOf, scaleOf } from "../colors.ts";
import { spanOf } from "../domain.ts";
import type { Band, Bars, Contour, Curve, Heat, Layer, Path, Points, Rule, Spans } from "../figure-spec.ts";
import { type HeatCell, heatCells } from "../heat.ts";
import { dashOf, markEveryOf } from "../legend.ts";
import { horizonParts, pastDash, pastOpacity } from "../past-horizon.ts";
import { runStyle, type Theme } from "../style.ts";
import { dense, thinBars, thinMarks } from "../thin.ts";
import { ClippingPen } from "./clipping-pen.ts";
import { contourLines } from "./contour-lines.ts";
import { type Context, drawLine, drawMarker, drawWords, pixelsPerUnit, setDash } from "./pencil.ts";
import type { PlanePlace } from "./plane-place.ts";
import { StrokePen } from "./stroke-pen.ts";
import { type Pen, traceCurve } from "./trace.ts";

type Say = (text: Text) => string;

/** Draws in a panel's plotting area and not beyond it; the context is afterwards what it was. */
export function clipped<T>(ctx: Context, { left, right, top, bottom }: PlanePlace, draw: () => T): T {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, right - left, bottom - top);
  ctx.clip();
  const drawn = draw();
  ctx.restore();
  return drawn;
}

/** Draws one layer in a panel's plotting area, to which the context is clipped. */
export function drawLayer(ctx: Context, layer: Layer, place: PlanePlace, theme: Theme, say: Say): void {
  switch (layer.kind) {
    case "curve":
      drawCurve(ctx, layer, place);
      break;
    case "path":
      drawPath(ctx, layer, place);
      break;
    case "contour":
      drawContour(ctx, layer, place, theme);
      break;
    case "heat":
      drawHeat(ctx, layer, place, theme);
      break;
    case "bars":
      drawBars(ctx, layer, place);
      break;
    case "spans":
      drawSpans(ctx, layer, place, theme);
      break;
    case "band":
      drawBand(ctx, layer, place);
      break;
    case "points":
      break;
    case "rule":
      drawRule(ctx, layer, place, theme, say);
      break;
    case "label": {
      const at = { x: place.x.at(layer.x), y: place.y.at(layer.y) + 0.32 * 12 };
      if (across(place, at.x) === at.x && down(place, at.y) === at.y) {
        const color = layer.onHigh ? theme.background : theme.ink;
        drawWords(ctx, say(layer.text), { ...at, size: 12, anchor: "middle", color });
      }
      break;
    }
    default:
      layer satisfies never;
  }
}

function drawCurve(ctx: Context, layer: Curve, place: PlanePlace): void {
  const parts = layer.role === "raw" ? null : horizonParts(layer);
  ctx.save();
  styleCurve(ctx, layer);
  if (parts === null) {
    strokeCurve(ctx, layer, place);
  } else {
    strokeCurve(ctx, parts.before, place);
    setDash(ctx, pastDash);
    ctx.globalAlpha = pastOpacity;
    strokeCurve(ctx, parts.past, place);
    ctx.globalAlpha = 1;
    setDash(ctx, "");
    if (parts.mark !== null) {
      const [atX, atY] = [place.x.at(parts.mark.x), place.y.at(parts.mark.y)];
      if (isThere(place, atX, atY)) {
        drawCross(ctx, atX, atY, 3.6);
      }
    }
  }
  ctx.restore();
}

/**
 * Draws some points of a curve of which what comes before them is drawn already.
 * @param stretch points `from` up to, not including, `to`; `along`: where in its dashes the curve has come to, in pixels
 * @returns where in its dashes the curve has come to then
 */
export function drawStretch(
  ctx: Context,
  layer: Curve,
  place: PlanePlace,
  { from, to, along }: { readonly from: number; readonly to: number; readonly along: number },
): number {
  return clipped(ctx, place, () => {
    styleCurve(ctx, layer);
    return strokeCurve(ctx, { x: layer.x.slice(from, to), y: layer.y.slice(from, to) }, place, along);
  });
}

function styleCurve(ctx: Context, layer: Curve): void {
  const raw = layer.role === "raw";
  ctx.strokeStyle = runStyle(layer.style).color;
  // One pixel of the screen and no more: thin lines that cross one another are drawn many times faster.
  ctx.lineWidth = raw ? Math.min(0.6, 1 / pixelsPerUnit(ctx)) : layer.role === "smooth" ? 2 : 1.6;
  ctx.globalAlpha = raw ? 0.22 : 1;
  ctx.lineJoin = "round";
  ctx.lineCap = "round";
  setDash(ctx, raw ? "" : dashOf(layer));
}

/** Strokes a line over x as the context is set. @returns the pixels it has come along its dashes */
function strokeCurve(ctx: Context, points: Pick<Curve, "x" | "y">, place: PlanePlace, along = 0): number {
  const { x, y, left, right } = place;
  const trace = (pen: Pen) =>
    traceCurve(new ClippingPen(pen, place), points.x, points.y, { atX: x.at, atY: y.at, width: right - left });
  if (ctx.vector !== undefined) {
    ctx.beginPath();
    trace(ctx);
    ctx.stroke();
    return 0;
  }
  const pen = new StrokePen(ctx, along);
  trace(pen);
  pen.end();
  return pen.length;
}

/** Marks are drawn after everything else and are not cut: one at the frame is whole, one beyond it is not there. */
export function drawMarks(ctx: Context, layer: Layer, place: PlanePlace, theme: Theme): void {
  switch (layer.kind) {
    case "curve":
      drawCurveMarks(ctx, layer, place, theme);
      break;
    case "path":
      for (const i of marksOf(layer, place)) {
        const at = { x: place.x.at(layer.x[i] as number), y: place.y.at(layer.y[i] as number) };
        const { marker, color } = runStyle(layer.style);
        drawMarker(ctx, { marker, color }, { ...at, r: 3, width: 1.4, background: theme.background });
      }
      break;
    case "points":
      drawPoints(ctx, layer, place, theme);
      break;
    default:
  }
}

function drawCurveMarks(ctx: Context, layer: Curve, place: PlanePlace, { background }: Theme): void {
  const { x, y, left, right } = place;
  const every = markEveryOf(layer);
  if (every !== undefined) {
    const most = (right - left) / 2;
    const step = every * Math.max(1, Math.ceil(layer.x.length / every / most));
    for (let i = 0; i < layer.x.length; i += step) {
      const [atX, atY] = [x.at(layer.x[i]), y.at(layer.y[i] ?? Number.NaN)];
      if (isThere(place, atX, atY)) {
        drawMarker(ctx, runStyle(layer.style), { x: atX, y: atY, r: 4, width: 1.6, background });
      }
    }
  }
}

/** Whether a mark is in the panel, or at its frame. */
function isThere({ left, right, top, bottom }: PlanePlace, x: number, y: number): boolean {
  return x >= left - edge && x <= right + edge && y >= top - edge && y <= bottom + edge;
}

/** In the pen that is set. */
function drawCross(ctx: Context, x: number, y: number, r: number): void {
  ctx.beginPath();
  ctx.moveTo(x - r, y - r);
  ctx.lineTo(x + r, y + r);
  ctx.moveTo(x - r, y + r);
  ctx.lineTo(x + r, y - r);
  ctx.stroke();
}

function drawPath(ctx: Context, layer: Path, place: PlanePlace): void {
  const { x, y, left, right } = place;
  ctx.save();
  setDash(ctx, "");
  ctx.strokeStyle = runStyle(layer.style).color;
  ctx.lineWidth = 1.8;
  ctx.lineJoin = "round";
  ctx.beginPath();
  traceCurve(new ClippingPen(ctx, place), layer.x, layer.y, { atX: x.at, atY: y.at, width: right - left });
  ctx.stroke();
  ctx.restore();
}

/** The points to be marked: those that can be seen, and of too many some. */
function marksOf(
  layer: { readonly x: readonly (number | null)[]; readonly y: readonly (number | null)[] },
  { x, y, left, right, top, bottom }: PlanePlace,
): readonly number[] {
  const [width, height] = [right - left, bottom - top];
  const xs = Float64Array.from(layer.x, (value) => (x.at(value ?? Number.NaN) - left) / width);
  const ys = Float64Array.from(layer.y, (value) => (y.at(value ?? Number.NaN) - top) / height);
  return thinMarks(xs, ys, { width, height, margin: edge / Math.min(width, height) });
}

/** Pixels by which a point on the frame may miss it. */
const edge = 0.5;

function drawContour(ctx: Context, { grid, levels }: Contour, place: PlanePlace, theme: Theme): void {
  const { x, y } = place;
  const pen = new ClippingPen(ctx, place);
  ctx.save();
  setDash(ctx, "");
  ctx.strokeStyle = theme.ink;
  ctx.globalAlpha = 0.28;
  ctx.lineWidth = 0.8;
  ctx.beginPath();
  for (const [[startX, startY], ...others] of contourLines(grid, levels)) {
    pen.moveTo(x.at(startX), y.at(startY));
    for (const [nextX, nextY] of others) {
      pen.lineTo(x.at(nextX), y.at(nextY));
    }
  }
  ctx.stroke();
  ctx.restore();
}

const cellsOf = new WeakMap<Heat, { readonly drawnWith: string; readonly cells: readonly HeatCell[] }>();

function drawHeat(ctx: Context, layer: Heat, place: PlanePlace, theme: Theme): void {
  const { panel, x, y } = place;
  const drawnWith = [theme.low, theme.high, panel.x.scale, panel.x.domain, panel.y.scale, panel.y.domain].join();
  let known = cellsOf.get(layer);
  if (known?.drawnWith !== drawnWith) {
    known = { drawnWith, cells: heatCells(layer, panel, theme) };
    cellsOf.set(layer, known);
  }
  const unit = pixelsPerUnit(ctx);
  for (const { x1, x2, y1, y2, fill } of known.cells) {
    const [left, right] = [across(place, x.at(x1)), across(place, x.at(x2))];
    const [bottom, top] = [down(place, y.at(y1)), down(place, y.at(y2))];
    // A log axis has no place for a cell that reaches to 0.
    if (!Number.isNaN(left + right + bottom + top)) {
      ctx.fillStyle = fill;
      box(ctx, unit, left, bottom, right, top);
    }
  }
}

/** A pixel, or the border beyond which nothing is drawn: what a rectangle has out there nobody sees. */
function across({ left, right }: PlanePlace, pixel: number): number {
  const most = reach * (right - left);
  return Math.min(right + most, Math.max(left - most, pixel));
}

function down({ top, bottom }: PlanePlace, pixel: number): number {
  const most = reach * (bottom - top);
  return Math.min(bottom + most, Math.max(top - most, pixel));
}

/** Filled on whole pixels of the screen where there are any, so that no seam is seen between neighbours. */
function box(ctx: Context, unit: number, x1: number, y1: number, x2: number, y2: number): void {
  if (ctx.vector !== undefined) {
    ctx.vector.fillCell(x1, y1, x2 - x1, y2 - y1);
    return;
  }
  const whole = (at: number) => Math.round(at * unit) / unit;
  const [left, right] = [whole(Math.min(x1, x2)), whole(Math.max(x1, x2))];
  const [top, bottom] = [whole(Math.min(y1, y2)), whole(Math.max(y1, y2))];
  ctx.fillRect(left, top, right - left, bottom - top);
}

function drawBars(ctx: Context, bars: Bars, place: PlanePlace): void {
  const { x, y, bottom, left: from, right: to } = place;
  const { style } = bars;
  const { edges, counts } = thinBars(bars, { atX: x.at, width: to - from });
  ctx.fillStyle = runStyle(style).color;
  const zero = y.log ? bottom : down(place, y.at(0));
  counts.forEach((count, i) => {
    const [left, right] = [across(place, x.at(edges[i])) + 0.5, across(place, x.at(edges[i + 1]))];
    const top = down(place, y.at(count));
    if (!Number.isNaN(left + right + top)) {
      ctx.fillRect(left, top, right - left, zero - top);
    }
  });
}

function drawSpans(ctx: Context, { low, high, y: at, height, style }: Spans, place: PlanePlace, theme: Theme): void {
  const { x, y } = place;
  setDash(ctx, "");
  ctx.fillStyle = runStyle(style).color;
  ctx.strokeStyle = theme.background;
  ctx.lineWidth = 0.4;
  ctx.beginPath();
  // Of a multitude those on the same pixels are one.
  const seen = at.length > dense * (place.right - place.left) ? new Set<string>() : null;
  at.forEach((middle, i) => {
    const [left, right] = [across(place, x.at(low[i])), across(place, x.at(high[i]))];
    const [bottom, top] = [down(place, y.at(middle - height / 2)), down(place, y.at(middle + height / 2))];
    const pixels = seen === null ? "" : [left, right, top].map(Math.round).join();
    if (!Number.isNaN(left + right + top + bottom) && !seen?.has(pixels)) {
      seen?.add(pixels);
      ctx.rect(left, top, right - left, bottom - top);
    }
  });
  ctx.fill();
  ctx.stroke();
}

function drawBand(ctx: Context, band: Band, place: PlanePlace): void {
  const { panel, left, right, top, bottom } = place;
  ctx.save();
  ctx.fillStyle = runStyle(band.style).color;
  ctx.globalAlpha = 0.18;
  ctx.beginPath();
  for (const polygon of bandPolygons(band, { x: spanOf(panel, "x"), y: spanOf(panel, "y"), width: right - left })) {
    polygon.forEach(([x, y], i) => {
      ctx[i === 0 ? "moveTo" : "lineTo"](left + x * (right - left), bottom - y * (bottom - top));
    });
    ctx.closePath();
  }
  ctx.fill();
  ctx.restore();
}

function drawPoints(ctx: Context, layer: Points, place: PlanePlace, theme: Theme): void {
  const { x, y } = place;
  const { value, colors, marker = "dot" } = layer;
  const { color } = runStyle(layer.style);
  const scale = colors ?? scaleOf(value ?? []);
  setDash(ctx, "");
  for (const i of marksOf(layer, place)) {
    const [px, py] = [x.at(layer.x[i]), y.at(layer.y[i])];
    const fill = value === undefined ? color : colorOf(scale, value[i], theme);
    ctx.beginPath();
    if (marker === "cross") {
      const r = 2.8;
      ctx.moveTo(px - r, py - r);
      ctx.lineTo(px + r, py + r);
      ctx.moveTo(px - r, py + r);
      ctx.lineTo(px + r, py - r);
    } else {
      ctx.arc(px, py, marker === "ring" ? 3 : 3.5, 0, 2 * Math.PI);
    }
    if (marker === "dot") {
      ctx.fillStyle = fill;
      ctx.fill();
      ctx.strokeStyle = theme.background;
      ctx.lineWidth = colors === undefined ? 0.5 : 1;
    } else {
      ctx.strokeStyle = fill;
      ctx.lineWidth = 1.2;
    }
    ctx.stroke();
  }
}

function drawRule(ctx: Context, { axis, at, label }: Rule, place: PlanePlace, theme: Theme, say: Say): void {
  const { left, right, top, bottom } = place;
  const pixel = place[axis].at(at);
  const inside = axis === "x" ? pixel >= left && pixel <= right : pixel >= top && pixel <= bottom;
  if (!inside) {
    return;
  }
  ctx.save();
  ctx.strokeStyle = theme.ink;
  ctx.globalAlpha = 0.7;
  ctx.lineWidth = 1;
  setDash(ctx, "4 3");
  if (axis === "x") {
    drawLine(ctx, pixel, top, pixel, bottom);
  } else {
    drawLine(ctx, left, pixel, right, pixel);
  }
  ctx.restore();
  if (label !== undefined) {
    const words = { size: 11, color: theme.ink } as const;
    if (axis === "x") {
      const anchor = pixel > right - 70 ? "end" : "start";
      const x = pixel + (anchor === "end" ? -4 : 4);
      // Below the frame by as much as beside the line: letters that stand higher than digits would be cut there.
      drawWords(ctx, say(label), { ...words, x, y: top + 4 + 0.71 * 11, anchor });
    } else {
      drawWords(ctx, say(label), { ...words, x: right, y: pixel - 6 + 0.32 * 11, anchor: "end" });
    }
  }
}
