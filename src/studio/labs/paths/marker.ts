import { outlines, type RunStyle } from "../../../figure/style.ts";

const paths = new Map<RunStyle["marker"], Path2D>();

/** Draws a run's marker around (x, y), as the figures do, with a halo that parts it from what is below. */
export function marker(
  context: CanvasRenderingContext2D,
  shape: RunStyle["marker"],
  x: number,
  y: number,
  r: number,
  { color, halo }: { readonly color: string; readonly halo: string },
): void {
  let path = paths.get(shape);
  if (path === undefined) {
    path = new Path2D(outlines[shape]);
    paths.set(shape, path);
  }
  const lines = shape === "times" || shape === "plus" || shape === "wye";
  const scale = r / 4;
  context.save();
  context.translate(x, y);
  context.scale(scale, scale);
  context.strokeStyle = halo;
  context.lineWidth = (lines ? 4 : 2) / scale;
  context.stroke(path);
  if (lines) {
    context.strokeStyle = color;
    context.lineWidth = Math.max(1.8, 0.45 * r) / scale;
    context.stroke(path);
  } else {
    context.fillStyle = color;
    context.fill(path);
  }
  context.restore();
}
