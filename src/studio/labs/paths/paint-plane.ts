import type { Interval, Point } from "../../../experiments/surfaces/surface.ts";
import { contourOfHeights } from "../../../figure/drawing/contour-lines.ts";
import { labelledTicks } from "../../../figure/ticks.ts";
import { type Frame, margin, plotSize, toPixel } from "./frame.ts";
import { type Heights, shareOf } from "./heights.ts";
import type { Palette } from "./palette.ts";

export interface PlaneLook {
  readonly frame: Frame;
  readonly palette: Palette;
  readonly heights: Heights;
  readonly levels: readonly number[];
  readonly minima: readonly Point[];
}

/** Draws what stays while paths move: heights as tint and lines, axes, the minima. Returns a canvas of the frame's size. */
export function paintPlane({ frame, palette, heights, levels, minima }: PlaneLook): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(frame.width * frame.ratio);
  canvas.height = Math.round(frame.height * frame.ratio);
  const context = canvas.getContext("2d")!;
  context.scale(frame.ratio, frame.ratio);
  const plot = plotSize(frame);
  context.save();
  context.beginPath();
  context.rect(margin.left, margin.top, plot.width, plot.height);
  context.clip();
  context.imageSmoothingQuality = "high";
  context.drawImage(tint(heights, palette), margin.left, margin.top, plot.width, plot.height);
  context.lineWidth = 1;
  const column = (x: number) => margin.left + (x / (heights.columns - 1)) * plot.width;
  const row = (y: number) => margin.top + (1 - y / (heights.rows - 1)) * plot.height;
  context.strokeStyle = palette.dark ? "rgb(190 210 235 / 26%)" : "rgb(60 80 105 / 28%)";
  context.beginPath();
  for (const line of contourOfHeights(heights, levels)) {
    line.forEach(([x, y], i) => {
      if (i === 0) {
        context.moveTo(column(x), row(y));
      } else {
        context.lineTo(column(x), row(y));
      }
    });
  }
  context.stroke();
  context.strokeStyle = palette.ink;
  context.lineWidth = 1.5;
  for (const [x, y] of minima) {
    const [px, py] = toPixel(frame, x, y);
    context.beginPath();
    context.moveTo(px - 6, py);
    context.lineTo(px + 6, py);
    context.moveTo(px, py - 6);
    context.lineTo(px, py + 6);
    context.stroke();
  }
  context.restore();
  axes(context, frame, palette);
  return canvas;
}

function tint(heights: Heights, palette: Palette): HTMLCanvasElement {
  const { columns, rows, z } = heights;
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(columns, rows);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const share = shareOf(heights, z[(rows - 1 - j) * columns + i]);
      const at = 4 * (j * columns + i);
      for (let channel = 0; channel < 3; channel++) {
        image.data[at + channel] = palette.low[channel] + (palette.high[channel] - palette.low[channel]) * share;
      }
      image.data[at + 3] = Number.isFinite(share) ? 255 : 0;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function axes(context: CanvasRenderingContext2D, frame: Frame, palette: Palette): void {
  const plot = plotSize(frame);
  context.strokeStyle = palette.faint;
  context.lineWidth = 1;
  context.strokeRect(margin.left + 0.5, margin.top + 0.5, plot.width - 1, plot.height - 1);
  context.fillStyle = palette.muted;
  context.font = "11px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const { value, label } of ticksOf(frame.x, plot.width)) {
    context.fillText(label, toPixel(frame, value, 0)[0], margin.top + plot.height + 6);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { value, label } of ticksOf(frame.y, plot.height)) {
    context.fillText(label, margin.left - 6, toPixel(frame, 0, value)[1]);
  }
}

/** @param pixels the length of the axis */
const ticksOf = ([low, high]: Interval, pixels: number) => labelledTicks(low, high, Math.max(2, pixels / 90));
