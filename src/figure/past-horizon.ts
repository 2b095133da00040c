import type { Curve, FigureSpec } from "./figure-spec.ts";

type Points = Pick<Curve, "x" | "y">;

/** A curve up to its horizon, what lies past it, and where the one becomes the other. */
export interface HorizonParts {
  /** Up to the last point before the horizon. */
  readonly before: Points;
  /** From that same point on. */
  readonly past: Points;
  /** The first point past the horizon; null where it has no value. */
  readonly mark: { readonly x: number; readonly y: number } | null;
}

/** null where the whole curve lies before its horizon, and its run stayed finite. */
export function horizonParts({ x, y, horizon, broken }: Curve): HorizonParts | null {
  const begin = Math.min(horizon ?? Number.POSITIVE_INFINITY, broken?.x ?? Number.POSITIVE_INFINITY);
  // No horizon is not one at infinity.
  const at = begin === Number.POSITIVE_INFINITY ? -1 : x.findIndex((value) => value >= begin);
  if (at < 0) {
    return null;
  }
  const from = Math.max(0, at - 1);
  const value = y[at];
  return {
    before: { x: x.slice(0, at), y: y.slice(0, at) },
    past: { x: x.slice(from), y: y.slice(from) },
    // Where a run broke it has a sign of its own.
    mark: value == null || !Number.isFinite(value) || begin === broken?.x ? null : { x: x[at], y: value },
  };
}

/** Whether a figure shows something past a horizon. */
export function hasHorizon({ panels }: FigureSpec): boolean {
  return panels.some(
    (panel) =>
      panel.kind === "plane" &&
      panel.layers.some((layer) => layer.kind === "curve" && layer.role !== "raw" && isPastHorizon(layer)),
  );
}

/** Whether a curve goes on past its horizon, be its run broken or not. */
export function isPastHorizon({ x, horizon }: Curve): boolean {
  return horizon !== undefined && x.some((value) => value >= horizon);
}

/** In legends. */
export const pastHorizonWords = { en: "past the horizon", ja: "再現限界の先" } as const;

/** How opaque and how dashed a curve is past its horizon. */
export const pastOpacity = 0.4;
export const pastDash = "2 3";
