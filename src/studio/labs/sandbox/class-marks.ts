import { runStyle } from "../../../figure/style.ts";

/** A class's colour: of the palette of runs, so that no colour is needed twice for telling things apart. */
export function classColor(label: number): string {
  return runStyle(label).color;
}

/** The colours of numbers above and below the middle of their range: those of signed numbers on every map. */
export const [above, below] = [runStyle(0).color, runStyle(1).color];

/** The outline of a class's mark, `r` pixels about a place: classes differ in shape as well as in colour. */
export function markPath(label: number, x: number, y: number, r: number): Path2D {
  const path = new Path2D();
  const corners = (count: number, turn: number, reach: number) => {
    for (let i = 0; i < count; i++) {
      const angle = turn + (2 * Math.PI * i) / count;
      path.lineTo(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
    }
    path.closePath();
  };
  switch (label % 6) {
    case 0:
      path.arc(x, y, r, 0, 2 * Math.PI);
      break;
    case 1:
      corners(4, Math.PI / 4, 1.25 * r);
      break;
    case 2:
      corners(3, -Math.PI / 2, 1.35 * r);
      break;
    case 3:
      corners(4, 0, 1.35 * r);
      break;
    case 4:
      corners(3, Math.PI / 2, 1.35 * r);
      break;
    default:
      corners(6, 0, 1.15 * r);
  }
  return path;
}

/** The same sign as text, for legends. */
export const markSigns = ["●", "■", "▲", "◆", "▼", "⬢"] as const;
