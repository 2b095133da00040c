import type { Point, Surface } from "./surface.ts";

/** The Hessian's eigenvalues at a point, the larger first. */
export interface Curvature {
  readonly largest: number;
  readonly smallest: number;
}

/** Curvature of a surface at a point; null at a corner, where it depends on how closely one looks. */
export function curvatureAt(surface: Surface, point: Point): Curvature | null {
  const side = surface.x[1] - surface.x[0];
  const [far, near] = [eigenvalues(surface, point, 1e-4 * side), eigenvalues(surface, point, 1e-5 * side)];
  const size = Math.max(Math.abs(near.largest), Math.abs(near.smallest));
  const known = Number.isFinite(size) && size <= 4 * Math.max(Math.abs(far.largest), Math.abs(far.smallest));
  return known ? near : null;
}

/** Of the Hessian, by central differences of the exact gradient. */
function eigenvalues({ gradient }: Surface, [x, y]: Point, h: number): Curvature {
  const difference = (dx: number, dy: number): readonly [number, number] => {
    const [after, before] = [
      [0, 0],
      [0, 0],
    ];
    gradient(x + dx, y + dy, after);
    gradient(x - dx, y - dy, before);
    return [(after[0] - before[0]) / (2 * h), (after[1] - before[1]) / (2 * h)];
  };
  const [xx, xy] = difference(h, 0);
  const [yx, yy] = difference(0, h);
  const mean = (xx + yy) / 2;
  const half = Math.hypot((xx - yy) / 2, (xy + yx) / 2);
  return { largest: mean + half, smallest: mean - half };
}

/** The known minimum nearest to a point; null where none is known. */
export function nearestMinimum({ minima }: Pick<Surface, "minima">, [x, y]: Point): Point | null {
  let best: Point | null = null;
  let shortest = Number.POSITIVE_INFINITY;
  for (const minimum of minima) {
    const distance = Math.hypot(minimum[0] - x, minimum[1] - y);
    if (distance < shortest) {
      shortest = distance;
      best = minimum;
    }
  }
  return best;
}
