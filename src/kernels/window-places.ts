/**
 * Images, a row each, height · width · channels values with channels last, and a square window that moves over them by
 * `stride`; `padding` zeros lie around each. It stops at ⌊(side + 2·padding − size)/stride⌋ + 1 places along each side.
 */
export interface WindowOver {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

/** How many places a window stops at along a side of an image: ⌊(side + 2·padding − size)/stride⌋ + 1. */
export function placesAlong(side: number, { size, stride, padding }: Pick<WindowOver, "size" | "stride" | "padding">) {
  return Math.floor((side + 2 * padding - size) / stride) + 1;
}

/** Places of the window in one image. */
export function placesOf(over: WindowOver): number {
  return placesAlong(over.height, over) * placesAlong(over.width, over);
}
