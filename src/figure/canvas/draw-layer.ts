import type { Text } from "../../core/text.ts";
import { colorOf, scaleOf } from "../colors.ts";
import type { Band, Bars, Contour, Curve, Heat, Layer, Path, Points, Rule, Spans } from "../figure-spec.ts";
import { type HeatCell, heatCells } from "../heat.ts";
import { dashOf } from "../legend.ts";
import { runStyle, type Theme } from "../style.ts";
import { contourLines } from "./contour-lines.ts";
import { type Context, drawLine, drawMarker, drawWords, pixelsPerUnit, setDash } from "./pencil.ts";
import type { PlanePlace } from "./plane-place.ts";
import { StrokePen } from "./stroke-pen.ts";
import { traceCurve } from "./trace.ts";

type Say = (text: Text) => string;

/** Draws one layer in a panel's plotting area, to which the context is clipped. */
export function drawLayer(ctx: Context, layer: Layer, place: PlanePlace, theme: Theme, say: Say): void {
  switch (layer.kind) {
    case "curve":
      drawCurve(ctx, layer, place, theme);
      break;
    case "path":
      drawPath(ctx, layer, place, theme);
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
      drawPoints(ctx, layer, place, theme);
      break;
    case "rule":
      drawRule(ctx, layer, place, theme, say);
      break;
    case "label": {
      const at = { x: place.x.at(layer.x), y: place.y.at(layer.y) + 0.32 * 12 };
      drawWords(ctx, say(layer.text), { ...at, size: 12, anchor: "middle", color: theme.ink });
      break;
    }
    default:
      layer satisfies never;
  }
}

function drawCurve(ctx: Context, layer: Curve, { x, y, left, right }: PlanePlace, theme: Theme): void {
  const style = runStyle(layer.style);
  const raw = layer.role === "raw";
  ctx.save();
  ctx.strokeStyle = style.color;
  // One pixel of the screen and no more: thin lines that cross one another are drawn many times faster.
  ctx.lineWidth = raw ? Math.min(0.6, 1 / pixelsPerUnit(ctx)) : layer.role === "smooth" ? 2 : 1.6;
  ctx.globalAlpha = raw ? 0.22 : 1;
  ctx.lineJoin = "round";
  ctx.lineCap = "round";
  setDash(ctx, raw ? "" : dashOf(layer));
  const pen = new StrokePen(ctx);
  traceCurve(pen, layer.x, layer.y, { atX: x.at, atY: y.at, width: right - left });
  pen.end();
  ctx.restore();
  const every = layer.markEvery;
  if (every !== undefined) {
    for (let i = 0; i < layer.x.length; i += every) {
      markAt(ctx, style, x.at(layer.x[i]), y.at(layer.y[i] ?? Number.NaN), 4, 1.6, theme);
    }
  }
}

function drawPath(ctx: Context, layer: Path, { x, y }: PlanePlace, theme: Theme): void {
  const style = runStyle(layer.style);
  setDash(ctx, "");
  ctx.strokeStyle = style.color;
  ctx.lineWidth = 1.8;
  ctx.beginPath();
  // A path may go back and forth: no column of pixels holds neighbours only.
  traceCurve(ctx, layer.x, layer.y, { atX: x.at, atY: y.at, width: Number.POSITIVE_INFINITY });
  ctx.stroke();
  for (let i = 0; i < layer.x.length; i++) {
    const [px, py] = [x.at(layer.x[i] ?? Number.NaN), y.at(layer.y[i] ?? Number.NaN)];
    markAt(ctx, style, px, py, 3, 1.4, theme);
  }
}

function markAt(
  ctx: Context,
  style: ReturnType<typeof runStyle>,
  x: number,
  y: number,
  r: number,
  width: number,
  { background }: Theme,
): void {
  if (Number.isFinite(x) && Number.isFinite(y)) {
    drawMarker(ctx, style, { x, y, r, width, background });
  }
}

function drawContour(ctx: Context, { grid, levels }: Contour, { x, y }: PlanePlace, theme: Theme): void {
  const lines = contourLines(grid, levels);
  ctx.save();
  setDash(ctx, "");
  ctx.strokeStyle = theme.ink;
  ctx.globalAlpha = 0.28;
  ctx.lineWidth = 0.8;
  ctx.beginPath();
  for (let i = 0; i < lines.length; i += 4) {
    ctx.moveTo(x.at(lines[i]), y.at(lines[i + 1]));
    ctx.lineTo(x.at(lines[i + 2]), y.at(lines[i + 3]));
  }
  ctx.stroke();
  ctx.restore();
}

const cellsOf = new WeakMap<Heat, { readonly drawnWith: string; readonly cells: readonly HeatCell[] }>();

function drawHeat(ctx: Context, layer: Heat, { panel, x, y }: PlanePlace, theme: Theme): void {
  const drawnWith = [theme.low, theme.high, panel.x.scale, panel.x.domain, panel.y.scale, panel.y.domain].join();
  let known = cellsOf.get(layer);
  if (known?.drawnWith !== drawnWith) {
    known = { drawnWith, cells: heatCells(layer, panel, theme) };
    cellsOf.set(layer, known);
  }
  const unit = pixelsPerUnit(ctx);
  for (const { x1, x2, y1, y2, fill } of known.cells) {
    ctx.fillStyle = fill;
    box(ctx, unit, x.at(x1), y.at(y1), x.at(x2), y.at(y2));
  }
}

/** Filled on whole pixels of the screen, so that no seam is seen between neighbours. */
function box(ctx: Context, unit: number, x1: number, y1: number, x2: number, y2: number): void {
  const whole = (at: number) => Math.round(at * unit) / unit;
  const [left, right] = [whole(Math.min(x1, x2)), whole(Math.max(x1, x2))];
  const [top, bottom] = [whole(Math.min(y1, y2)), whole(Math.max(y1, y2))];
  ctx.fillRect(left, top, right - left, bottom - top);
}

function drawBars(ctx: Context, { edges, counts, style }: Bars, { x, y, bottom }: PlanePlace): void {
  ctx.fillStyle = runStyle(style).color;
  const zero = y.log ? bottom : y.at(0);
  counts.forEach((count, i) => {
    const [left, right] = [x.at(edges[i]) + 0.5, x.at(edges[i + 1])];
    const top = y.at(count);
    if (Number.isFinite(top)) {
      ctx.fillRect(left, top, right - left, zero - top);
    }
  });
}

function drawSpans(ctx: Context, { low, high, y: at, height, style }: Spans, { x, y }: PlanePlace, theme: Theme): void {
  setDash(ctx, "");
  ctx.fillStyle = runStyle(style).color;
  ctx.strokeStyle = theme.background;
  ctx.lineWidth = 0.4;
  ctx.beginPath();
  at.forEach((middle, i) => {
    const [left, right] = [x.at(low[i]), x.at(high[i])];
    const [bottom, top] = [y.at(middle - height / 2), y.at(middle + height / 2)];
    ctx.rect(left, top, right - left, bottom - top);
  });
  ctx.fill();
  ctx.stroke();
}

function drawBand(ctx: Context, { x: at, low, high, style }: Band, { x, y }: PlanePlace): void {
  ctx.save();
  ctx.fillStyle = runStyle(style).color;
  ctx.globalAlpha = 0.18;
  ctx.beginPath();
  let from = 0;
  const close = (end: number) => {
    for (let i = end - 1; i >= from && end - from > 1; i--) {
      ctx.lineTo(x.at(at[i]), y.at(low[i] as number));
    }
    from = end + 1;
  };
  for (let i = 0; i < at.length; i++) {
    const [bottom, top] = [low[i], high[i]];
    if (bottom === null || top === null || !Number.isFinite(y.at(bottom)) || !Number.isFinite(y.at(top))) {
      close(i);
    } else if (i === from) {
      ctx.moveTo(x.at(at[i]), y.at(top));
    } else {
      ctx.lineTo(x.at(at[i]), y.at(top));
    }
  }
  close(at.length);
  ctx.fill();
  ctx.restore();
}

function drawPoints(ctx: Context, layer: Points, { x, y }: PlanePlace, theme: Theme): void {
  const { value, colors, marker = "dot" } = layer;
  const { color } = runStyle(layer.style);
  const scale = colors ?? scaleOf(value ?? []);
  setDash(ctx, "");
  for (let i = 0; i < layer.x.length; i++) {
    const [px, py] = [x.at(layer.x[i]), y.at(layer.y[i])];
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      continue;
    }
    const fill = value === undefined ? color : colorOf(scale, value[i], theme);
    ctx.beginPath();
    if (marker === "cross") {
      const r = 2.1;
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
  if (!Number.isFinite(pixel)) {
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
      drawWords(ctx, say(label), { ...words, x: pixel + 4, y: top + 0.71 * 11 });
    } else {
      drawWords(ctx, say(label), { ...words, x: right, y: pixel - 6 + 0.32 * 11, anchor: "end" });
    }
  }
}
