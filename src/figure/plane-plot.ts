import type { Text } from "../core/text.ts";
import { reach } from "./clip.ts";
import type { PlanePanel } from "./figure-spec.ts";
import type { PlotAxis } from "./plot-axis.ts";

/** A panel with its axes, and the pixels of its plotting area. */
export interface PlotFrame {
  readonly panel: PlanePanel;
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly width: number;
  readonly height: number;
}

export type Say = (text: Text) => string;

/** In the units that Plot is given. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
}

/** Plot leaves a gap where a value is NaN. */
export const gapInLine: PlotPoint = { x: Number.NaN, y: Number.NaN };

/** Pixels by which a point on the frame may miss it; a mark there is whole. */
export const edge = 0.5;

/** How far outside of a panel something may stand that has a place of its own. */
export const nearEdge = 0.02;

/** A rectangle cut to the panel and what is near; null when nothing of it can be seen. */
export function boxIn(
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

export const far = 1e150;
