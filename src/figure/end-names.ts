import { inLanguage, type Language } from "../core/text.ts";
import type { Curve, PlanePanel } from "./figure-spec.ts";
import { runStyle } from "./style.ts";
import { pixelWidth } from "./text-width.ts";

export const endNameSize = 11.5;
/** Pixels from a line's end to its name, and from one name's line to the next. */
const apart = 6;
const lineHeight = 13;
/** A panel narrower than this has no room for names: its legend says them. */
const narrowest = 420;

/** A name at the end of its curve: where it begins, and its baseline. */
export interface EndName {
  readonly text: string;
  readonly color: string;
  readonly x: number;
  readonly y: number;
}

/** Bold letters are wider than the plain ones that are counted. */
const nameWidth = (text: string) => 1.15 * pixelWidth(text, endNameSize);

function namedCurves({ layers, namesAtEnds = false }: PlanePanel): Curve[] {
  return namesAtEnds
    ? layers.filter((layer): layer is Curve => layer.kind === "curve" && layer.role !== "raw" && layer.name !== "")
    : [];
}

/** Pixels that the names need right of the plot; 0 where there are none, and where they would take a quarter of the panel. */
export function endRoom(panel: PlanePanel, width: number, language: Language): number {
  if (width < narrowest) {
    return 0;
  }
  const widths = namedCurves(panel).map(({ name }) => nameWidth(inLanguage(name, language)));
  const needed = widths.length === 0 ? 0 : Math.ceil(Math.max(...widths)) + apart + 4;
  return needed > width / 4 ? 0 : needed;
}

/** The names of a panel's curves right of their last numbers, moved up and down until none covers another. */
export function endNames(
  panel: PlanePanel,
  place: {
    readonly language: Language;
    readonly x: { at(value: number): number };
    readonly y: { at(value: number): number };
    readonly top: number;
    readonly bottom: number;
    /** Where the panel ends, its margin included. */
    readonly right: number;
  },
): EndName[] {
  const { language, x, y, top, bottom, right } = place;
  if (endRoom(panel, Number.POSITIVE_INFINITY, language) === 0) {
    return [];
  }
  const within = (at: number) => Math.min(bottom, Math.max(top, at));
  const ends = namedCurves(panel).flatMap((curve) => {
    const last = rightmost(curve);
    // Where the curve has come to: while a run goes on its name moves with it.
    const at = last < 0 ? Number.NaN : x.at(curve.x[last]) + apart;
    const up = last < 0 ? Number.NaN : within(y.at(curve.y[last] as number));
    const text = inLanguage(curve.name, language);
    return Number.isNaN(at + up) ? [] : [{ text, color: runStyle(curve.style).color, x: at, y: up }];
  });
  // All or none: the one that is short enough beside others without a name would be taken for the winner.
  if (ends.some((end) => end.x + nameWidth(end.text) > right + 4)) {
    return [];
  }
  const placed = spread(
    ends.map((end) => end.y),
    { low: top, high: bottom },
  );
  return ends.map((end, i) => ({ ...end, y: placed[i] + 0.35 * endNameSize }));
}

/** The place of a curve's last number on its right; -1 without any. Some are told from the right to the left. */
function rightmost({ x, y }: Curve): number {
  const isNumber = (value: number | null) => value !== null && Number.isFinite(value);
  return x[0] > x[x.length - 1] ? y.findIndex(isNumber) : y.findLastIndex(isNumber);
}

/** Heights in the same order, each a line from the next, as near to where they were as that allows. */
function spread(heights: readonly number[], { low, high }: { low: number; high: number }): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a] - heights[b]);
  const placed = [...heights];
  let before = low - lineHeight;
  for (const i of order) {
    placed[i] = Math.max(placed[i], before + lineHeight);
    before = placed[i];
  }
  let after = high + lineHeight;
  for (const i of order.toReversed()) {
    placed[i] = Math.min(placed[i], after - lineHeight);
    after = placed[i];
  }
  return placed;
}
