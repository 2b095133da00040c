import { inLanguage, type Language } from "../core/text.ts";
import { placer, valueAlong } from "./along.ts";
import { domainOf } from "./domain.ts";
import type { Axis, PlanePanel } from "./figure-spec.ts";
import { decades, tickNames } from "./plane-frame.ts";
import { labelledTicks, linearLabel, logLabel, logTicks, stepOf, type Tick, tickStep } from "./ticks.ts";

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
  const span = { domain, scale: axis.scale };
  const place = placer(span);
  const width = range[1] - range[0];
  return {
    log,
    domain,
    range,
    ticks: axisTicks(axis, domain, { count, language, panelWidth }),
    at: (value) => range[0] + place(value) * width,
    back: (pixel) => valueAlong(width === 0 ? 0 : (pixel - range[0]) / width, span),
  };
}

/** The ticks of an axis with such ends, about `count` where it does not name them. */
function axisTicks(
  axis: Axis,
  [low, high]: readonly [number, number],
  { count, language, panelWidth }: { count: number; language: Language; panelWidth: number },
): Tick[] {
  const log = axis.scale === "log";
  const named = tickNames(axis, language, panelWidth);
  const [least, largest] = [Math.min(low, high), Math.max(low, high)];
  const inside = (value: number) => value >= least && value <= largest;
  if (axis.ticks !== undefined && named.length > 0) {
    return axis.ticks.map((value, i) => ({ value, label: named[i] ?? "" })).filter(({ value }) => inside(value));
  }
  if (log) {
    const all = decades([least, largest]);
    const values =
      axis.ticks ?? (all.length >= 2 && all.length <= 2 * count + 2 ? all : logTicks(least, largest, count));
    return values.filter(inside).map((value) => ({ value, label: logLabel(value) }));
  }
  if (axis.ticks === undefined) {
    const numbers = Math.floor(largest) - Math.ceil(least);
    const most = axis.whole === true && numbers >= 1 ? Math.min(count, numbers) : count;
    return labelledTicks(least, largest, most).filter(({ value }) => inside(value));
  }
  const step = stepOf(axis.ticks, tickStep(least, largest, 10));
  return axis.ticks.filter(inside).map((value) => ({ value, label: linearLabel(value, step) }));
}

/** An axis's name, empty when it has none. */
export function axisName({ label }: Axis, language: Language): string {
  return inLanguage(label, language);
}
