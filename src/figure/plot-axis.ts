import type * as Plot from "@observablehq/plot";
import type { Language } from "../core/text.ts";
import { placer, type Span, valueAlong } from "./along.ts";
import { axisTicks, tickSpacing } from "./axis-scale.ts";
import { spanOf } from "./domain.ts";
import type { Axis, PlanePanel } from "./figure-spec.ts";
import { decades, tickNames } from "./plane-frame.ts";
import { isPlainStep, tickStep } from "./ticks.ts";

/** An axis as Observable Plot draws it. */
export interface PlotAxis {
  readonly scale: Plot.ScaleOptions;
  /** Of the grid and of the axis without names. */
  readonly grid: { ticks?: number[] };
  readonly ticks: { ticks?: number[]; tickFormat?: string | ((at: number) => string) };
  readonly span: Span;
  /** Where a value lies, as a share of the panel; NaN where it has no place. */
  share(value: number): number;
  /** A value in the units that Plot is given; NaN where it has no place. */
  at(value: number): number;
  /** What lies at a share, in the same units. */
  back(share: number): number;
}

/** @param pixels the length of the axis */
export function plotAxis(
  panel: PlanePanel,
  which: "x" | "y",
  { language, width, pixels }: { language: Language; width: number; pixels: number },
): PlotAxis {
  const axis = panel[which];
  const span = spanOf(panel, which);
  const place = placer(span);
  const share = (value: number) => (Number.isFinite(value) ? place(value) : Number.NaN);
  const count = pixels / tickSpacing[which];
  const names = tickNames(axis, language, width);
  if (!isOrdinary(span, count)) {
    const ticks = axisTicks(axis, span.domain, { count, language, panelWidth: width });
    const labels = new Map(ticks.map(({ value, label }) => [place(value), label.replace("e+", "e")]));
    const at = [...labels.keys()];
    return {
      scale: { type: "linear", domain: [0, 1], label: null },
      grid: { ticks: at },
      ticks: { ticks: at, tickFormat: (tick) => labels.get(tick) ?? "" },
      span,
      share,
      at: share,
      back: (at) => at,
    };
  }
  const log = axis.scale === "log";
  const domain = axis.domain === undefined ? undefined : span.domain;
  const plain = ticksOf(axis, domain, count, () =>
    axisTicks(axis, span.domain, { count, language, panelWidth: width }),
  );
  return {
    // From the whole data: Plot sees only what is drawn.
    scale: { type: axis.scale ?? "linear", domain: [...span.domain], label: null },
    grid: plain,
    ticks:
      names.length === 0
        ? plain
        : { ticks: [...(axis.ticks ?? [])], tickFormat: (at: number) => names[axis.ticks?.indexOf(at) ?? -1] ?? "" },
    span,
    share,
    at: (value) => (!Number.isFinite(value) || (log && value <= 0) ? Number.NaN : value),
    back: (at) => valueAlong(at, span),
  };
}

/** Whether Plot's own scales and numbers can show the axis: neither too large nor too small for either. */
function isOrdinary({ domain, scale }: Span, count: number): boolean {
  const [low, high] = [Math.min(domain[0], domain[1]), Math.max(domain[0], domain[1])];
  return scale === "log" ? low > 1e-300 && high < 1e300 : low === high || isPlainStep(tickStep(low, high, count));
}

function ticksOf(
  { ticks: at, scale: kind }: Axis,
  domain: readonly [number, number] | undefined,
  count: number,
  fewer: () => readonly { value: number }[],
): { ticks?: number[]; tickFormat?: string } {
  if (kind !== "log") {
    return at === undefined ? {} : { ticks: [...at] };
  }
  if (at !== undefined || domain === undefined) {
    return { tickFormat: "~e", ...(at === undefined ? {} : { ticks: [...at] }) };
  }
  const all = decades(domain);
  return { tickFormat: "~e", ticks: all.length <= 2 * count + 2 ? all : fewer().map(({ value }) => value) };
}
