import { largestOf } from "../../core/long-lists.ts";
import { type Context, drawLine, drawWords, fontOf } from "../../figure/canvas/pencil.ts";
import type { PlanePlace } from "../../figure/canvas/plane-place.ts";
import type { Theme } from "../../figure/style.ts";
import type { Crosshair } from "./reading.ts";

/** A rectangle between two corners, in pixels of the figure. */
export interface Drag {
  readonly panel: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

const line = 16;

/** The whole figure's, in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Draws the crosshair, a mark on each curve and a box with their values beside it. */
export function drawCrosshair(
  ctx: Context,
  crosshair: Crosshair,
  place: PlanePlace,
  { theme, size }: { theme: Theme; size: Size },
): void {
  const { left, right, top, bottom } = place;
  const x = place.x.at(crosshair.x);
  if (!(x >= left - 0.5 && x <= right + 0.5)) {
    return;
  }
  ctx.strokeStyle = theme.ink;
  ctx.globalAlpha = 0.6;
  ctx.lineWidth = 1;
  drawLine(ctx, x, top, x, bottom);
  ctx.globalAlpha = 1;
  for (const { x: px, y: py, color } of crosshair.readings) {
    if (py >= top - 1 && py <= bottom + 1 && Number.isFinite(px)) {
      ctx.beginPath();
      ctx.arc(px, py, 4, 0, 2 * Math.PI);
      ctx.fillStyle = color;
      ctx.fill();
      ctx.strokeStyle = theme.background;
      ctx.lineWidth = 1.5;
      ctx.stroke();
    }
  }
  drawBox(ctx, crosshair, place, { theme, size }, x);
}

function drawBox(
  ctx: Context,
  { heading, readings }: Crosshair,
  place: PlanePlace,
  { theme, size }: { theme: Theme; size: Size },
  x: number,
): void {
  ctx.font = fontOf(12, 700);
  const widths = [ctx.measureText(heading).width];
  ctx.font = fontOf(12);
  for (const { name, text } of readings) {
    widths.push(ctx.measureText(`${name}  ${text}`).width + 16);
  }
  const width = largestOf(widths) + 16;
  const height = (readings.length + 1) * line + 10;
  const beside = x + 12 + width <= size.width ? x + 12 : x - 12 - width;
  const left = Math.max(0, Math.min(size.width - width, beside));
  // In a small panel it would hide what it tells of: there it stands below, or above in the last row.
  const small = width > 0.6 * (place.right - place.left);
  const below = place.bottom + 4 + height <= size.height ? place.bottom + 4 : Math.max(0, place.top - height - 4);
  const top = small ? below : place.top + 6;
  ctx.beginPath();
  ctx.roundRect(left, top, width, height, 6);
  ctx.fillStyle = theme.background;
  ctx.globalAlpha = 0.94;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.strokeStyle = theme.faint;
  ctx.lineWidth = 1;
  ctx.stroke();
  drawWords(ctx, heading, { x: left + 8, y: top + 17, size: 12, weight: 700, color: theme.ink });
  readings.forEach(({ name, text, color }, i) => {
    const y = top + 17 + (i + 1) * line;
    ctx.fillStyle = color;
    ctx.fillRect(left + 8, y - 9, 10, 10);
    drawWords(ctx, name, { x: left + 24, y, size: 12, color: theme.ink });
    drawWords(ctx, text, { x: left + width - 8, y, size: 12, anchor: "end", color: theme.ink });
  });
}

/** Draws the rectangle that is being dragged. */
export function drawDrag(ctx: Context, { x1, y1, x2, y2 }: Drag, theme: Theme): void {
  ctx.fillStyle = theme.ink;
  ctx.globalAlpha = 0.08;
  ctx.fillRect(x1, y1, x2 - x1, y2 - y1);
  ctx.globalAlpha = 0.6;
  ctx.strokeStyle = theme.ink;
  ctx.lineWidth = 1;
  ctx.setLineDash([4, 3]);
  ctx.strokeRect(x1, y1, x2 - x1, y2 - y1);
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}
