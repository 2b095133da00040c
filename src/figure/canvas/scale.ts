import { inLanguage, type Language } from "../../core/text.ts";
import type { Axis, Layer, PlanePanel } from "../figure-spec.ts";
import { decades, tickNames } from "../plane-frame.ts";
import {
  linearLabel,
  linearTicks,
  logLabel,
  logTicks,
  niceDomain,
  niceLogDomain,
  type Tick,
  tickStep,
} from "./ticks.ts";

/** Turns values of an axis into pixels and back. */
export interface AxisScale {
  readonly log: boolean;
  readonly domain: readonly [low: number, high: number];
  /** Pixels of the domain's ends. */
  readonly range: readonly [low: number, high: number];
  readonly ticks: readonly Tick[];
  /** A value's pixel; NaN where a log axis has no place for it. */
  at(value: number): number;
  /** The value at a pixel. */
  back(pixel: number): number;
}

/** Pixels from one tick to the next, about: across and upwards. */
const tickSpacing = { x: 80, y: 35 } as const;

/** The scale of one axis of a panel, between two pixels. */
export function axisScale(
  panel: PlanePanel,
  which: "x" | "y",
  range: readonly [low: number, high: number],
  { language, panelWidth }: { language: Language; panelWidth: number },
): AxisScale {
  const axis = panel[which];
  const log = axis.scale === "log";
  const domain = domainOf(panel, which);
  const count = Math.abs(range[1] - range[0]) / tickSpacing[which];
  const [from, to] = log ? [Math.log(domain[0]), Math.log(domain[1])] : domain;
  const factor = to === from ? 0 : (range[1] - range[0]) / (to - from);
  return {
    log,
    domain,
    range,
    ticks: ticksOf(axis, domain, count, language, panelWidth),
    at: log
      ? (value) => (value > 0 ? range[0] + (Math.log(value) - from) * factor : Number.NaN)
      : (value) => range[0] + (value - from) * factor,
    back: (pixel) => {
      const place = factor === 0 ? from : from + (pixel - range[0]) / factor;
      return log ? Math.exp(place) : place;
    },
  };
}

function ticksOf(
  axis: Axis,
  [low, high]: readonly [number, number],
  count: number,
  language: Language,
  panelWidth: number,
): Tick[] {
  const log = axis.scale === "log";
  const named = tickNames(axis, language, panelWidth);
  const inside = (value: number) => value >= Math.min(low, high) && value <= Math.max(low, high);
  if (axis.ticks !== undefined && named.length > 0) {
    return axis.ticks.map((value, i) => ({ value, label: named[i] ?? "" })).filter(({ value }) => inside(value));
  }
  if (log) {
    const all = axis.domain === undefined ? [] : decades([low, high]);
    const values = axis.ticks ?? (all.length >= 2 && all.length <= 2 * count + 2 ? all : logTicks(low, high, count));
    return values.filter(inside).map((value) => ({ value, label: logLabel(value) }));
  }
  const values = axis.ticks ?? linearTicks(low, high, count);
  const step = tickStep(low, high, axis.ticks === undefined ? count : 10);
  return values.filter(inside).map((value) => ({ value, label: linearLabel(value, step) }));
}

/** The values an axis shows: as it says, else from the data, widened to round numbers. */
export function domainOf(panel: PlanePanel, which: "x" | "y"): readonly [number, number] {
  const { domain, scale } = panel[which];
  const log = scale === "log";
  if (domain !== undefined && !(log && Math.min(...domain) <= 0)) {
    return domain;
  }
  const [low, high] = dataRange(panel, which, log);
  if (domain !== undefined) {
    // A log axis cannot begin at 0: it begins at the least value there is.
    const top = domain[1] > 0 ? domain[1] : high;
    return [Math.min(niceLogDomain(low, high)[0], top / 10), top];
  }
  return log ? niceLogDomain(low, high) : niceDomain(low, high);
}

/** The least and the largest value along an axis; [0, 1] or [0.1, 1] when there are none. */
export function dataRange(panel: PlanePanel, which: "x" | "y", positive: boolean): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const take = (value: number | null | undefined) => {
    if (value !== null && value !== undefined && Number.isFinite(value) && (value > 0 || !positive)) {
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
  };
  for (const layer of panel.layers) {
    eachValue(layer, which, take);
  }
  if (low > high) {
    return positive ? [0.1, 1] : [0, 1];
  }
  if (low === high) {
    return positive ? [low / 10, high * 10] : [low - 0.5, high + 0.5];
  }
  return [low, high];
}

function eachValue(layer: Layer, which: "x" | "y", take: (value: number | null | undefined) => void): void {
  switch (layer.kind) {
    case "curve":
    case "path":
    case "points":
      each(layer[which], take);
      break;
    case "band":
      if (which === "x") {
        each(layer.x, take);
      } else {
        each(layer.low, take);
        each(layer.high, take);
      }
      break;
    case "bars":
      if (which === "x") {
        each(layer.edges, take);
      } else {
        take(0);
        each(layer.counts, take);
      }
      break;
    case "spans":
      if (which === "x") {
        each(layer.low, take);
        each(layer.high, take);
      } else {
        for (const y of layer.y) {
          take(y - layer.height / 2);
          take(y + layer.height / 2);
        }
      }
      break;
    case "contour":
    case "heat": {
      // A cell reaches half a step beyond its point.
      const at = layer.grid[which];
      const half = at.length > 1 ? (at[1] - at[0]) / 2 : 0.5;
      take(at[0] - half);
      take(at[at.length - 1] + half);
      break;
    }
    case "rule":
      if (layer.axis === which) {
        take(layer.at);
      }
      break;
    case "label":
      take(layer[which]);
      break;
  }
}

function each(values: readonly (number | null)[], take: (value: number | null) => void): void {
  for (let i = 0; i < values.length; i++) {
    take(values[i]);
  }
}

/** An axis's name, empty when it has none. */
export function axisName({ label }: Axis, language: Language): string {
  return inLanguage(label, language);
}
