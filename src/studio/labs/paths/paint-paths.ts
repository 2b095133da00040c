import { ClippingPen } from "../../../figure/drawing/clipping-pen.ts";
import { type RunStyle, runStyle } from "../../../figure/style.ts";
import { type Frame, margin, plotSize, toPixel } from "./frame.ts";
import { marker } from "./marker.ts";
import type { Palette } from "./palette.ts";

/** A run's way, as the plane and the 3-D surface draw it. */
export interface DrawnPath {
  readonly name: string;
  /** Index in the palette of runs. */
  readonly style: number;
  /** x and y after 0, 1, … updates. */
  readonly points: Float64Array;
  /** The update that is looked at. */
  readonly step: number;
  readonly focused: boolean;
}

/** A vector at the focused path's point. */
export interface Arrow {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  /** Its length over the longest on the way: 0 … 1. */
  readonly share: number;
  readonly color: string;
}

/** Points nearer than this are one to the eye. */
const visible = 0.4;
/** Markers nearer than this would be a smear. */
const apart = 7;

export function paintPaths(
  context: CanvasRenderingContext2D,
  {
    frame,
    palette,
    paths,
    arrows,
  }: { frame: Frame; palette: Palette; paths: readonly DrawnPath[]; arrows: readonly Arrow[] },
): void {
  const plot = plotSize(frame);
  context.save();
  context.beginPath();
  context.rect(margin.left, margin.top, plot.width, plot.height);
  context.clip();
  for (const path of [...paths].sort((a, b) => Number(a.focused) - Number(b.focused))) {
    paintPath(context, frame, path, palette);
  }
  for (const arrow of arrows) {
    paintArrow(context, frame, arrow, palette);
  }
  context.restore();
}

function paintPath(context: CanvasRenderingContext2D, frame: Frame, path: DrawnPath, palette: Palette): void {
  const { points, step, focused } = path;
  const style = runStyle(path.style);
  const last = points.length / 2 - 1;
  const at = Math.min(step, last);
  context.strokeStyle = style.color;
  context.lineJoin = "round";
  context.lineWidth = focused ? 2.5 : 1.75;
  context.setLineDash(style.dash === "" ? [] : style.dash.split(" ").map(Number));
  context.globalAlpha = 0.28;
  stroke(context, frame, points, at, last);
  context.globalAlpha = 1;
  halo(context, palette, () => stroke(context, frame, points, 0, at));
  stroke(context, frame, points, 0, at);
  context.setLineDash([]);
  markers(context, frame, points, at, style, palette);
  const [x, y] = toPixel(frame, points[2 * at], points[2 * at + 1]);
  marker(context, style.marker, x, y, focused ? 6.5 : 5, { color: style.color, halo: palette.surface });
}

/** Parts a line from the walls and contours below it. */
function halo(context: CanvasRenderingContext2D, { background }: Palette, draw: () => void): void {
  context.save();
  context.setLineDash([]);
  context.strokeStyle = background;
  context.globalAlpha = 0.5;
  context.lineWidth += 2;
  draw();
  context.restore();
}

function stroke(context: CanvasRenderingContext2D, frame: Frame, points: Float64Array, from: number, to: number): void {
  const { width, height } = plotSize(frame);
  const area = { left: margin.left, right: margin.left + width, top: margin.top, bottom: margin.top + height };
  const pen = new ClippingPen(context, area);
  context.beginPath();
  let [px, py] = toPixel(frame, points[2 * from], points[2 * from + 1]);
  pen.moveTo(px, py);
  for (let i = from + 1; i <= to; i++) {
    const [x, y] = toPixel(frame, points[2 * i], points[2 * i + 1]).map(bounded);
    if (Math.abs(x - px) + Math.abs(y - py) >= visible || i === to) {
      pen.lineTo(x, y);
      px = x;
      py = y;
    }
  }
  context.stroke();
}

/** The largest numbers leave the numbers there are when they become pixels. */
function bounded(pixel: number): number {
  return Math.min(1e150, Math.max(-1e150, pixel));
}

function markers(
  context: CanvasRenderingContext2D,
  frame: Frame,
  points: Float64Array,
  to: number,
  { color, marker: shape }: RunStyle,
  palette: Palette,
): void {
  let [px, py] = [Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i <= to; i++) {
    const [x, y] = toPixel(frame, points[2 * i], points[2 * i + 1]);
    const inside = x > -9 && y > -9 && x < frame.width + 9 && y < frame.height + 9;
    if (inside && Math.hypot(x - px, y - py) >= apart) {
      marker(context, shape, x, y, 3, { color, halo: palette.surface });
      px = x;
      py = y;
    }
  }
}

/** Length on the page of the longest vector of a kind. */
const longestArrow = 84;

function paintArrow(context: CanvasRenderingContext2D, frame: Frame, arrow: Arrow, palette: Palette): void {
  const { width, height } = plotSize(frame);
  const [x, y] = toPixel(frame, arrow.x, arrow.y);
  const across = (arrow.dx / (frame.x[1] - frame.x[0])) * width;
  const down = (-arrow.dy / (frame.y[1] - frame.y[0])) * height;
  const size = Math.hypot(across, down);
  const length = Math.max(14, longestArrow * arrow.share);
  if (!(size > 0) || !(arrow.share > 1e-6)) {
    return;
  }
  const [ux, uy] = [across / size, down / size];
  const [tx, ty] = [x + ux * length, y + uy * length];
  for (const [color, lineWidth] of [
    [palette.surface, 5],
    [arrow.color, 2.2],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = lineWidth;
    context.lineCap = "round";
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(tx, ty);
    context.moveTo(tx - 8 * ux + 4.5 * uy, ty - 8 * uy - 4.5 * ux);
    context.lineTo(tx, ty);
    context.lineTo(tx - 8 * ux - 4.5 * uy, ty - 8 * uy + 4.5 * ux);
    context.stroke();
  }
  context.lineCap = "butt";
  context.font = "italic 700 14px Georgia, serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 4;
  context.strokeStyle = palette.surface;
  context.strokeText(arrow.name, tx + 12 * ux, ty + 12 * uy);
  context.fillStyle = arrow.color;
  context.fillText(arrow.name, tx + 12 * ux, ty + 12 * uy);
}
