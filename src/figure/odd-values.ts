import type { Text } from "../core/text.ts";
import { placer, type Span } from "./along.ts";
import { spanOf } from "./domain.ts";
import type { Curve, FigureSpec, Layer, PlanePanel } from "./figure-spec.ts";

/**
 * What becomes of a value that has no place in a panel. `above`, `below`, `left`, `right`: an infinity, or 0 and less on a
 * logarithmic axis; a triangle at the frame's edge. `lost`: not a number; a circled cross where the line ends. `broken`: the
 * same where a run diverged, with the step at which it did.
 */
export type OddKind = "above" | "below" | "left" | "right" | "lost" | "broken";

/** A mark that stands for a value without a place. */
export interface OddMark {
  readonly kind: OddKind;
  /** Shares of the panel, [0, 1] each. */
  readonly x: number;
  readonly y: number;
  readonly style: number;
  /** Stands beside it. */
  readonly text?: Text;
}

/** What the marks of a kind say in a legend. */
export const oddNames: Readonly<Record<OddKind, Text>> = {
  above: { en: "infinite", ja: "無限大" },
  below: { en: "−infinite, or 0 and less on a log axis", ja: "負の無限大(対数軸では 0 以下)" },
  left: { en: "−infinite, or 0 and less on a log axis", ja: "負の無限大(対数軸では 0 以下)" },
  right: { en: "infinite", ja: "無限大" },
  lost: { en: "not a number from here", ja: "ここから数値なし" },
  broken: { en: "diverged at this step", ja: "このステップで発散" },
};

/** Marks of one kind and style that are nearer to one another than this share of the panel are one. */
const apart = 1 / 60;

/**
 * The marks of a panel, in the order of its layers.
 * @param spans the axes, where they do not end as the panel's own
 */
export function oddMarks(panel: PlanePanel, spans?: { readonly x: Span; readonly y: Span }): OddMark[] {
  if (!panel.layers.some((layer) => isOdd(layer, panel))) {
    return [];
  }
  const marks = new Map<string, OddMark>();
  const [x, y] = [sideOf(spans?.x ?? spanOf(panel, "x")), sideOf(spans?.y ?? spanOf(panel, "y"))];
  const add = (mark: OddMark) => {
    const { kind, style } = mark;
    marks.set(`${kind} ${style} ${Math.round(mark.x / apart)} ${Math.round(mark.y / apart)}`, mark);
  };
  for (const layer of panel.layers) {
    marksOf(layer, x, y, add);
  }
  return [...marks.values()];
}

/** Whether one of some values has no place; a loop of its own, since every frame asks of every value. */
function odd(values: readonly (number | null)[], log: boolean): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== null && (!Number.isFinite(value) || (log && value <= 0))) {
      return true;
    }
  }
  return false;
}

/** Whether a layer may have marks: figures that grow ask sixty times a second, and hardly one has any. */
function isOdd(layer: Layer, { x, y }: PlanePanel): boolean {
  switch (layer.kind) {
    case "curve":
      return breaks(layer) || odd(layer.x, x.scale === "log") || odd(layer.y, y.scale === "log");
    case "path":
    case "points":
      return odd(layer.x, x.scale === "log") || odd(layer.y, y.scale === "log");
    case "bars":
      return odd(layer.counts, false);
    default:
      return false;
  }
}

/** A share; ±Infinity beyond the ends without a place; NaN for what is no number; null for what is not there. */
type Side = (value: number | null | undefined) => number | null;

function sideOf(span: Span): Side {
  const place = placer(span);
  const [low, high] = span.domain;
  const lowEnd = low <= high ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return (value) => {
    if (value === null || value === undefined) {
      return null;
    }
    if (Number.isFinite(value)) {
      return span.scale === "log" && value <= 0 ? lowEnd : place(value);
    }
    return value < 0 ? lowEnd : value > 0 ? -lowEnd : Number.NaN;
  };
}

function marksOf(layer: Layer, x: Side, y: Side, add: (mark: OddMark) => void): void {
  switch (layer.kind) {
    case "curve":
      // Its smoothed twin has the same marks.
      if (layer.role !== "raw" && !breaks(layer)) {
        alongLine(layer, x, y, add);
      } else if (layer.role !== "raw") {
        brokenAt(layer, x, y, add);
      }
      break;
    case "path":
      alongLine(layer, x, y, add);
      break;
    case "points":
      for (let i = 0; i < layer.x.length; i++) {
        atPoint(x(layer.x[i]), y(layer.y[i]), layer.style, add);
      }
      break;
    case "bars":
      layer.counts.forEach((count, i) => {
        if (!Number.isFinite(count)) {
          atPoint(x(layer.edges[i] / 2 + layer.edges[i + 1] / 2), y(count), layer.style, add);
        }
      });
      break;
    default:
  }
}

/** Whether a curve's run diverged within it. */
function breaks({ x, broken }: Curve): boolean {
  return broken !== undefined && (x.at(-1) ?? Number.NEGATIVE_INFINITY) >= broken.x;
}

/** The sign at the last number before the run broke; at the top where it had none. What came later has no signs. */
function brokenAt(layer: Curve, x: Side, y: Side, add: (mark: OddMark) => void): void {
  const broken = layer.broken!;
  const first = layer.x.findIndex((at) => at >= broken.x);
  const last = layer.y.findLastIndex((value, i) => i <= first && value !== null && Number.isFinite(value));
  const [atX, atY] =
    last < 0 ? [x(broken.x), 1] : [x(last === first ? layer.x[first] : layer.x[last]), y(layer.y[last])];
  add({
    kind: "broken",
    x: within(Number.isNaN(atX) ? 0 : (atX ?? 0)),
    y: within(Number.isNaN(atY) ? 1 : (atY ?? 1)),
    style: layer.style,
    text: { en: `step ${broken.step}`, ja: `ステップ${broken.step}` },
  });
}

function alongLine(
  layer: { readonly x: readonly (number | null)[]; readonly y: readonly (number | null)[]; readonly style: number },
  x: Side,
  y: Side,
  add: (mark: OddMark) => void,
): void {
  let last: readonly [number, number] | null = null;
  let lost = false;
  for (let i = 0; i < layer.x.length; i++) {
    const [sx, sy] = [x(layer.x[i]), y(layer.y[i])];
    if (sx === null || sy === null) {
      last = null;
      lost = false;
    } else if (Number.isNaN(sx) || Number.isNaN(sy)) {
      if (!lost) {
        const [atX, atY] = last ?? [Number.isFinite(sx) ? sx : 0, Number.isFinite(sy) ? sy : 1];
        add({ kind: "lost", x: within(atX), y: within(atY), style: layer.style });
      }
      lost = true;
    } else {
      lost = false;
      if (Number.isFinite(sx) && Number.isFinite(sy)) {
        last = [sx, sy];
      } else {
        atPoint(sx, sy, layer.style, add);
      }
    }
  }
}

function atPoint(x: number | null, y: number | null, style: number, add: (mark: OddMark) => void): void {
  if (x === null || y === null || (Number.isFinite(x) && Number.isFinite(y))) {
    return;
  }
  if (Number.isNaN(x) || Number.isNaN(y)) {
    add({ kind: "lost", x: Number.isNaN(x) ? 0 : within(x), y: Number.isNaN(y) ? 0 : within(y), style });
  } else if (!Number.isFinite(y)) {
    if (isWithin(x) || !Number.isFinite(x)) {
      add({ kind: y > 0 ? "above" : "below", x: within(x), y: within(y), style });
    }
  } else if (isWithin(y)) {
    add({ kind: x > 0 ? "right" : "left", x: within(x), y, style });
  }
}

function isWithin(share: number): boolean {
  return share >= 0 && share <= 1;
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share));
}

/** The kinds of marks in a figure, each once. */
export function oddKindsOf(spec: FigureSpec): OddKind[] {
  const kinds = spec.panels.flatMap((panel) => (panel.kind === "plane" ? oddMarks(panel).map(({ kind }) => kind) : []));
  return [...new Set(kinds)];
}
