import type { Piece, Point } from "./contour.ts";

/** Joins pieces that meet into lines, each as long as it can be; a closed one ends where it begins. */
export function joinPieces(pieces: readonly Piece[]): Point[][] {
  const meeting = new Map<string, number[]>();
  const key = ([x, y]: Point) => `${x} ${y}`;
  pieces.forEach((piece, i) => {
    for (const end of piece) {
      const here = meeting.get(key(end));
      if (here === undefined) {
        meeting.set(key(end), [i]);
      } else {
        here.push(i);
      }
    }
  });
  const used = new Uint8Array(pieces.length);
  /** Goes on from a point as long as a piece is left there. */
  const follow = (line: Point[]) => {
    for (;;) {
      const end = line[line.length - 1];
      const next = meeting.get(key(end))!.find((i) => used[i] === 0);
      if (next === undefined) {
        return line;
      }
      used[next] = 1;
      const [from, to] = pieces[next];
      line.push(key(from) === key(end) ? to : from);
    }
  };
  return pieces.flatMap((piece, i) => {
    if (used[i] === 1) {
      return [];
    }
    used[i] = 1;
    const line = follow([...piece]);
    return [follow(line.reverse())];
  });
}

/** A line without the points that lie within `room` of the straight way past them (Ramer, Douglas, Peucker). */
export function withoutStraight(line: readonly Point[], room: number): Point[] {
  const kept = new Uint8Array(line.length);
  const last = line.length - 1;
  kept[0] = kept[last] = 1;
  const spans = [[0, last]];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span;
    let [farthest, most] = [-1, room];
    for (let i = from + 1; i < to; i++) {
      const distance = distanceTo(line[from], line[to], line[i]);
      if (distance > most) {
        [farthest, most] = [i, distance];
      }
    }
    if (farthest > 0) {
      kept[farthest] = 1;
      spans.push([from, farthest], [farthest, to]);
    }
  }
  return line.filter((_, i) => kept[i] === 1);
}

/** From a point to the piece between two others. */
function distanceTo([x0, y0]: Point, [x1, y1]: Point, [x, y]: Point): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const square = dx * dx + dy * dy;
  const share = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / square));
  return Math.hypot(x - x0 - share * dx, y - y0 - share * dy);
}
