import type { OddKind } from "./odd-values.ts";

/** The outline of a sign about [0, 0] as SVG writes paths: some 5 pixels each way. */
export const oddOutlines: Readonly<Record<OddKind, string>> = {
  above: "M0,-5L4.6,4L-4.6,4Z",
  below: "M0,5L4.6,-4L-4.6,-4Z",
  left: "M-5,0L4,4.6L4,-4.6Z",
  right: "M5,0L-4,4.6L-4,-4.6Z",
  lost: "M5,0A5,5 0 1 1 -5,0A5,5 0 1 1 5,0ZM-2.6,-2.6L2.6,2.6M-2.6,2.6L2.6,-2.6",
};

/** Pixels a sign is moved inwards from the frame, across and downwards. */
export const oddInset: Readonly<Record<OddKind, readonly [number, number]>> = {
  above: [0, 7],
  below: [0, -7],
  left: [7, 0],
  right: [-7, 0],
  lost: [0, 0],
};

/** Triangles are filled with the run's colour, the circled cross with the background. */
export function isOddFilled(kind: OddKind): boolean {
  return kind !== "lost";
}
