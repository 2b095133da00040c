import type { Interval, Point } from "../../../experiments/surfaces/surface.ts";

/** A plane's place on a canvas, in CSS pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Canvas pixels a CSS pixel. */
  readonly ratio: number;
  readonly x: Interval;
  readonly y: Interval;
}

/** Room for the axes' numbers. */
export const margin = { left: 34, right: 10, top: 10, bottom: 24 } as const;

export function plotSize({ width, height }: Frame): { readonly width: number; readonly height: number } {
  return { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
}

export function toPixel(frame: Frame, x: number, y: number): Point {
  const { width, height } = plotSize(frame);
  return [
    margin.left + ((x - frame.x[0]) / (frame.x[1] - frame.x[0])) * width,
    margin.top + ((frame.y[1] - y) / (frame.y[1] - frame.y[0])) * height,
  ];
}

export function fromPixel(frame: Frame, px: number, py: number): Point {
  const { width, height } = plotSize(frame);
  return [
    frame.x[0] + ((px - margin.left) / width) * (frame.x[1] - frame.x[0]),
    frame.y[1] - ((py - margin.top) / height) * (frame.y[1] - frame.y[0]),
  ];
}
