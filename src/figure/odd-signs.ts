import type { OddKind, OddMark } from "./odd-values.ts";

const circledCross = "M5,0A5,5 0 1 1 -5,0A5,5 0 1 1 5,0ZM-2.6,-2.6L2.6,2.6M-2.6,2.6L2.6,-2.6";

/** The outline of a sign about [0, 0] as SVG writes paths: some 5 pixels each way. */
export const oddOutlines: Readonly<Record<OddKind, string>> = {
  above: "M0,-5L4.6,4L-4.6,4Z",
  below: "M0,5L4.6,-4L-4.6,-4Z",
  left: "M-5,0L4,4.6L4,-4.6Z",
  right: "M5,0L-4,4.6L-4,-4.6Z",
  lost: circledCross,
  broken: circledCross,
};

/** Pixels a sign is moved inwards from the frame, across and downwards. */
const oddInset: Readonly<Record<OddKind, readonly [number, number]>> = {
  above: [0, 7],
  below: [0, -7],
  left: [7, 0],
  right: [-7, 0],
  lost: [0, 0],
  broken: [0, 0],
};

/** A mark in pixels, and where its words stand: their baseline, and whether they begin or end there. */
export interface PlacedOdd {
  readonly mark: OddMark;
  readonly x: number;
  readonly y: number;
  readonly words: { readonly x: number; readonly y: number; readonly anchor: "start" | "end" } | null;
}

/** Pixels that words about one mark take, across and upwards. */
const wordsWidth = 66;
const wordsHeight = 12;

/** Places marks in a plot, the words of those that are near to one another one below the other. */
export function placeOdd(
  marks: readonly OddMark[],
  {
    left,
    right,
    top,
    bottom,
  }: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number },
): PlacedOdd[] {
  const taken: { x: number; y: number }[] = [];
  return marks.map((mark) => {
    const [dx, dy] = oddInset[mark.kind];
    const x = left + mark.x * (right - left) + dx;
    const y = bottom - mark.y * (bottom - top) + dy;
    if (mark.text === undefined) {
      return { mark, x, y, words: null };
    }
    const anchor = mark.x < 0.8 ? "start" : "end";
    let line = Math.max(top + 9, y - 5);
    while (taken.some((other) => Math.abs(other.x - x) < wordsWidth && Math.abs(other.y - line) < wordsHeight)) {
      line += wordsHeight;
    }
    taken.push({ x, y: line });
    return { mark, x, y, words: { x: x + (anchor === "start" ? 9 : -9), y: line, anchor } };
  });
}

/** Triangles are filled with the run's colour, the circled cross with the background. */
export function isOddFilled(kind: OddKind): boolean {
  return kind !== "lost" && kind !== "broken";
}
