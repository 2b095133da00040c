/** A place on the pad, from 0 (left, top) to 1. */
export interface PadPoint {
  readonly x: number;
  readonly y: number;
}

/** What the pen drew from where it was put down to where it was lifted. */
export type Stroke = readonly PadPoint[];

export interface ImageOptions {
  /** Pixels of the image. */
  readonly rows: number;
  readonly columns: number;
  /**
   * Whether it is put where MNIST has its digits: no larger than 20 of 28 pixels, its centre of mass in the middle
   * (LeCun, Bottou, Bengio & Haffner 1998, §III.A).
   */
  readonly fitted: boolean;
}

/** Width of the pen's line as a share of the image: some two pixels of 28. */
const penWidth = 2.2 / 28;
/** Share of the image that a fitted drawing fills at most. */
const fittedShare = 20 / 28;

/** Strokes as an image's bytes [rows · columns], 255 where the line is. */
export function strokesImage(strokes: readonly Stroke[], { rows, columns, fitted }: ImageOptions): Uint8Array {
  if (!strokes.some((stroke) => stroke.length > 0)) {
    return new Uint8Array(rows * columns);
  }
  if (!fitted) {
    return raster(strokes, rows, columns);
  }
  const all = strokes.flat();
  const [left, right] = bounds(all.map(({ x }) => x));
  const [top, bottom] = bounds(all.map(({ y }) => y));
  // A dot has no size of its own.
  const factor = Math.min(4, (fittedShare - penWidth) / Math.max(right - left, bottom - top, 1e-9));
  const moved = (dx: number, dy: number) =>
    strokes.map((stroke) =>
      stroke.map(({ x, y }) => ({
        x: 0.5 + factor * (x - (left + right) / 2) + dx,
        y: 0.5 + factor * (y - (top + bottom) / 2) + dy,
      })),
    );
  const first = raster(moved(0, 0), rows, columns);
  let [mass, sumX, sumY] = [0, 0, 0];
  first.forEach((value, k) => {
    mass += value;
    sumX += value * (((k % columns) + 0.5) / columns);
    sumY += value * ((Math.floor(k / columns) + 0.5) / rows);
  });
  return raster(moved(0.5 - sumX / mass, 0.5 - sumY / mass), rows, columns);
}

function bounds(values: readonly number[]): [low: number, high: number] {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [1, 0]);
}

/** Each pixel by its distance from the nearest stroke, its edge one pixel soft. */
function raster(strokes: readonly Stroke[], rows: number, columns: number): Uint8Array {
  const image = new Uint8Array(rows * columns);
  const side = Math.min(rows, columns);
  const half = (penWidth * side) / 2;
  for (let k = 0; k < image.length; k++) {
    const [x, y] = [(k % columns) + 0.5, Math.floor(k / columns) + 0.5];
    let nearest = Number.POSITIVE_INFINITY;
    for (const stroke of strokes) {
      for (let i = 0; i < stroke.length; i++) {
        const [a, b] = [stroke[Math.max(0, i - 1)], stroke[i]];
        nearest = Math.min(nearest, distance(x, y, a.x * columns, a.y * rows, b.x * columns, b.y * rows));
      }
    }
    image[k] = Math.round(255 * Math.min(1, Math.max(0, half + 0.5 - nearest)));
  }
  return image;
}

/** From a point to the piece of a line between two others. */
function distance(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}
