import { dense } from "../thin.ts";

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
  let down = false;
  let column = Number.NaN;
  let first = 0;
  let last = 0;
  let least = 0;
  let largest = 0;
  let leastAt = 0;
  let largestAt = 0;
  let lastX = 0;
  let count = 0;
  const flush = () => {
    if (count > 1) {
      const [a, b] = leastAt < largestAt ? [least, largest] : [largest, least];
      if (a !== first) {
        pen.lineTo(column + 0.5, a);
      }
      if (b !== a) {
        pen.lineTo(column + 0.5, b);
      }
      if (last !== b) {
        pen.lineTo(lastX, last);
      }
    }
    count = 0;
  };
  for (let i = 0; i < x.length; i++) {
    const value = y[i];
    const px = value === null ? Number.NaN : atX(x[i] ?? Number.NaN);
    const py = value === null ? Number.NaN : atY(value);
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      flush();
      down = false;
      column = Number.NaN;
      continue;
    }
    const here = Math.floor(px);
    if (here !== column) {
      flush();
      if (down) {
        pen.lineTo(px, py);
      } else {
        pen.moveTo(px, py);
        down = true;
      }
      column = here;
      first = py;
      least = py;
      largest = py;
      leastAt = i;
      largestAt = i;
    }
    if (py < least) {
      least = py;
      leastAt = i;
    }
    if (py > largest) {
      largest = py;
      largestAt = i;
    }
    last = py;
    lastX = px;
    count++;
  }
  flush();
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
