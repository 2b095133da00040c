/** Two points of a line in shares of a panel, [0, 1] across and upwards; what is left of it. */
export type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

/** How far beyond the panel something may reach, in its widths and heights: no pen and no renderer is asked for more. */
export const reach = 1;

/**
 * The part of a line within the panel and `margin` around it; null when there is none. Liang & Barsky 1984.
 * Differs: where the line enters is reckoned from its far end, as where it leaves is from its near one: seen from a point a
 * million panels away, both are at the same share of the way.
 */
export function clipSegment(segment: Segment, margin: number): Segment | null {
  const [x0, y0, x1, y1] = segment;
  const leaves = leaving(segment, margin);
  const enters = leaving([x1, y1, x0, y0], margin);
  return leaves === null || enters === null ? null : [...enters, ...leaves];
}

/** The last point of a line that is within the panel and `margin` around it; null when none is. */
function leaving([x0, y0, x1, y1]: Segment, margin: number): readonly [number, number] | null {
  const [low, high] = [-margin, 1 + margin];
  const [dx, dy] = [x1 - x0, y1 - y0];
  let from = 0;
  let to = 1;
  for (const [step, room] of [
    [-dx, x0 - low],
    [dx, high - x0],
    [-dy, y0 - low],
    [dy, high - y0],
  ]) {
    if (step === 0) {
      if (room < 0) {
        return null;
      }
    } else if (step < 0) {
      from = Math.max(from, room / step);
    } else {
      to = Math.min(to, room / step);
    }
  }
  if (!(from <= to)) {
    return null;
  }
  // Rounding may leave an end of a line that comes from very far outside.
  const inside = (value: number) => Math.min(high, Math.max(low, value));
  return to === 1 ? [inside(x1), inside(y1)] : [inside(x0 + to * dx), inside(y0 + to * dy)];
}

/** Whether a point is within the panel and `margin` around it. */
export function isNear(x: number, y: number, margin: number): boolean {
  return x >= -margin && x <= 1 + margin && y >= -margin && y <= 1 + margin;
}

/** The part of a polygon within the panel and {@link reach} around it. Sutherland & Hodgman 1974. */
export function clipPolygon(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  let left = [...points];
  for (const axis of [0, 1] as const) {
    for (const [sign, border] of [
      [1, -reach],
      [-1, 1 + reach],
    ]) {
      const within = (p: readonly [number, number]) => sign * (p[axis] - border) >= 0;
      const next: (readonly [number, number])[] = [];
      left.forEach((point, i) => {
        const before = left[(i + left.length - 1) % left.length];
        if (within(point) !== within(before)) {
          const share = (border - before[axis]) / (point[axis] - before[axis]);
          const other = before[1 - axis] + share * (point[1 - axis] - before[1 - axis]);
          next.push(axis === 0 ? [border, other] : [other, border]);
        }
        if (within(point)) {
          next.push(point);
        }
      });
      left = next;
    }
  }
  return left;
}
