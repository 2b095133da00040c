import type { RunStyle } from "./style.ts";

/** The outline of a marker about the origin, in SVG's notation. */
export const outlines: Readonly<Record<RunStyle["marker"], string>> = {
  circle: "M4,0A4,4,0,1,1,-4,0A4,4,0,1,1,4,0Z",
  times: "M-3.5,-3.5L3.5,3.5M-3.5,3.5L3.5,-3.5",
  square: "M-3.6,-3.6H3.6V3.6H-3.6Z",
  diamond: "M0,-5L4,0L0,5L-4,0Z",
  triangle: "M0,-4.5L4.3,3L-4.3,3Z",
  plus: "M-4.5,0H4.5M0,-4.5V4.5",
  star: "M0,-5L1.2,-1.6L4.8,-1.5L1.9,0.6L2.9,4L0,2L-2.9,4L-1.9,0.6L-4.8,-1.5L-1.2,-1.6Z",
  wye: "M0,0V4.5M0,0L-3.9,-2.5M0,0L3.9,-2.5",
};
