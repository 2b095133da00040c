import type { WindowOver } from "./kernels.ts";

/** How many places a window stops at along a side of an image: ⌊(side + 2·padding − size)/stride⌋ + 1. */
export function placesAlong(side: number, { size, stride, padding }: Pick<WindowOver, "size" | "stride" | "padding">) {
  return Math.floor((side + 2 * padding - size) / stride) + 1;
}

/** Places of the window in one image. */
export function placesOf(over: WindowOver): number {
  return placesAlong(over.height, over) * placesAlong(over.width, over);
}
