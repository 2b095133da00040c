import { dense, thinLine } from "../thin.ts";

/** What a line is drawn with; a CanvasRenderingContext2D is one. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/**
 * Traces y over x, gaps at null and where a scale has no place. Where more points fall into a column of pixels than it
 * can show, only the first, the least, the largest and the last of them are joined: the drawing stays what it is.
 * @param atX pixel of an x, ascending with it
 * @param width pixels of the plotting area
 */
export function traceCurve(
  pen: Pen,
  x: readonly (number | null)[],
  y: readonly (number | null)[],
  { atX, atY, width }: { atX: (x: number) => number; atY: (y: number) => number; width: number },
): void {
  if (x.length <= dense * width) {
    traceAll(pen, x, y, atX, atY);
    return;
  }
  const [xs, ys] = [new Float64Array(x.length), new Float64Array(x.length)];
  for (let i = 0; i < x.length; i++) {
    const [vx, vy] = [x[i], y[i]];
    xs[i] = vx === null ? Number.NaN : atX(vx);
    ys[i] = vy === null || vy === undefined ? Number.NaN : atY(vy);
  }
  let down = false;
  for (const i of thinLine(xs, ys, { columns: width, columnWidth: 1 }) ?? []) {
    if (i < 0) {
      down = false;
    } else if (down) {
      pen.lineTo(xs[i], ys[i]);
    } else {
      pen.moveTo(xs[i], ys[i]);
      down = true;
    }
  }
}

/** Pixels a point must be away from the one before to be drawn. */
const close = 0.5;

function traceAll(
  pen: Pen,
  x: readonly (number | null)[],
  y: readonly (number | null)[],
  atX: (x: number) => number,
  atY: (y: number) => number,
): void {
  let down = false;
  let lastX = 0;
  let lastY = 0;
  let skipped = false;
  let skippedX = 0;
  let skippedY = 0;
  const finish = () => {
    if (skipped) {
      pen.lineTo(skippedX, skippedY);
      skipped = false;
    }
  };
  for (let i = 0; i < x.length; i++) {
    const [vx, vy] = [x[i], y[i]];
    const px = vx === null ? Number.NaN : atX(vx);
    const py = vy === null || vy === undefined ? Number.NaN : atY(vy);
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      finish();
      down = false;
    } else if (!down) {
      pen.moveTo(px, py);
      down = true;
      lastX = px;
      lastY = py;
    } else if (Math.abs(px - lastX) < close && Math.abs(py - lastY) < close) {
      skipped = true;
      skippedX = px;
      skippedY = py;
    } else {
      skipped = false;
      pen.lineTo(px, py);
      lastX = px;
      lastY = py;
    }
  }
  finish();
}
