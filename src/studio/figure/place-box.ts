import type { PlanePlace } from "../../figure/drawing/plane-place.ts";

/** In CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels between a crosshair's line and its box. */
const apart = 12;

/** Where the box of values stands beside a crosshair at `x`: its left and top, in pixels of the figure. */
export function placeBox(
  box: Size,
  x: number,
  place: Pick<PlanePlace, "left" | "right" | "top" | "bottom">,
  figure: Size,
): { readonly left: number; readonly top: number } {
  const beside = x + apart + box.width <= figure.width ? x + apart : x - apart - box.width;
  const left = Math.max(0, Math.min(figure.width - box.width, beside));
  // In a small panel it would hide what it tells of: there it stands below, or above in the last row.
  const small = box.width > 0.6 * (place.right - place.left);
  const below = place.bottom + 4;
  const outside = below + box.height <= figure.height ? below : Math.max(0, place.top - box.height - 4);
  return { left, top: small ? outside : place.top + 6 };
}
