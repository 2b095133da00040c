import { isOddFilled, oddOutlines } from "../odd-signs.ts";
import type { OddKind } from "../odd-values.ts";
import { fontFamily, outlines, type RunStyle } from "../style.ts";

/** What is set before something is drawn. */
export type Brush = Pick<
  CanvasRenderingContext2D,
  | "fillStyle"
  | "strokeStyle"
  | "lineWidth"
  | "lineJoin"
  | "lineCap"
  | "lineDashOffset"
  | "globalAlpha"
  | "font"
  | "textAlign"
  | "textBaseline"
>;

/** What figures are drawn on: a canvas, of the page or off it, or an SVG ({@link Vector}). */
export interface Context
  extends Brush,
    Pick<
      CanvasRenderingContext2D,
      | "save"
      | "restore"
      | "translate"
      | "rotate"
      | "scale"
      | "getTransform"
      | "beginPath"
      | "moveTo"
      | "lineTo"
      | "closePath"
      | "rect"
      | "arc"
      | "clip"
      | "fill"
      | "stroke"
      | "fillRect"
      | "fillText"
      | "strokeText"
      | "setLineDash"
      | "getLineDash"
    > {
  /** Of a drawing that is no picture of pixels. */
  readonly vector?: Vector;
}

/** What is drawn otherwise where there are no pixels. */
export interface Vector {
  /** Fills and strokes an outline in SVG's notation, about the origin. */
  paintOutline(outline: string): void;
  /** Fills a rectangle that meets its neighbours without a seam. */
  fillCell(x: number, y: number, width: number, height: number): void;
}

/** How a text is set. */
export interface Words {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly weight?: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly color: string;
}

const alignments = { start: "left", middle: "center", end: "right" } as const;

/** A canvas's font. */
export function fontOf(size: number, weight = 400): string {
  return `${weight} ${size}px ${fontFamily}`;
}

/** One line of text on its baseline. */
export function drawWords(ctx: Context, text: string, at: Words): void {
  const { x, y, size, weight = 400, anchor = "start", color } = at;
  ctx.font = fontOf(size, weight);
  ctx.textAlign = alignments[anchor];
  ctx.textBaseline = "alphabetic";
  ctx.fillStyle = color;
  ctx.fillText(text, x, y);
}

/** One straight line. */
export function drawLine(ctx: Context, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

/** Pixels of the canvas that one unit of its transform takes. */
export function pixelsPerUnit(ctx: Context): number {
  const { a, b } = ctx.getTransform();
  return Math.hypot(a, b) || 1;
}

/** SVG's dash pattern as a canvas takes it. */
export function setDash(ctx: Context, dash: string): void {
  ctx.setLineDash(dash === "" ? [] : dash.split(" ").map(Number));
  ctx.lineDashOffset = 0;
}

const paths = new Map<string, Path2D>();

/** Fills and strokes an outline as the context is set. */
function paintOutline(ctx: Context, outline: string): void {
  if (ctx.vector !== undefined) {
    ctx.vector.paintOutline(outline);
    return;
  }
  let path = paths.get(outline);
  if (path === undefined) {
    path = new Path2D(outline);
    paths.set(outline, path);
  }
  ctx.fill(path);
  ctx.stroke(path);
}

/** A run's marker about a point, filled with the background; `r` is the radius, 4 as its outline is. */
export function drawMarker(
  ctx: Context,
  { marker, color }: Pick<RunStyle, "marker" | "color">,
  at: { x: number; y: number; r: number; width: number; background: string },
): void {
  const scale = at.r / 4;
  ctx.save();
  ctx.translate(at.x, at.y);
  ctx.scale(scale, scale);
  ctx.fillStyle = at.background;
  ctx.strokeStyle = color;
  ctx.lineWidth = at.width / scale;
  ctx.setLineDash([]);
  paintOutline(ctx, outlines[marker]);
  ctx.restore();
}

/** The sign of a value that has no place, about a point. */
export function drawOddSign(
  ctx: Context,
  kind: OddKind,
  at: { x: number; y: number; color: string; background: string },
): void {
  ctx.save();
  ctx.translate(at.x, at.y);
  ctx.fillStyle = isOddFilled(kind) ? at.color : at.background;
  ctx.strokeStyle = at.color;
  ctx.lineWidth = 1.4;
  ctx.setLineDash([]);
  paintOutline(ctx, oddOutlines[kind]);
  ctx.restore();
}
