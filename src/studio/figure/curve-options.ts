import type { RunRecord, Series } from "../../core/record.ts";
import { inLanguage, type Text } from "../../core/text.ts";
import type { Axis, Curve, FigureSpec, Layer, Panel, PlanePanel } from "../../figure/figure-spec.ts";
import type { Settings } from "../../runs/experiment.ts";
import type { ViewState } from "../state/experiment-link.ts";

/** When an iteration was reached, in seconds since the run began; ascending. */
export type IterationClock = readonly (readonly [iteration: number, seconds: number])[];

/** What turns iterations into epochs and seconds. */
export interface RunClock {
  /** Rows of a minibatch, and of the training data. */
  readonly batchSize: number;
  readonly trainRows: number;
  readonly clock: IterationClock;
}

/** The record as it was at iteration `x`: what came later is cut off. */
export function recordUntil(record: RunRecord, x: number): RunRecord {
  return {
    ...record,
    series: record.series.map((series) => seriesUntil(series, x)),
    events: record.events.filter((note) => !("step" in note) || note.step === undefined || note.step <= x),
  };
}

/** The points of a series up to `x`, which is included. */
export function seriesUntil(series: Series, x: number): Series {
  const end = countUntil(series.x, x);
  return end === series.x.length ? series : { ...series, x: series.x.slice(0, end), y: series.y.slice(0, end) };
}

/** How many of the ascending values are at most `x`. */
export function countUntil(ascending: readonly number[], x: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= x) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Smooths every curve that is drawn both as measured and smoothed; `book` leaves the figure as it is. */
export function withSmoothing(spec: FigureSpec, smoothing: ViewState["smoothing"]): FigureSpec {
  if (smoothing === "book") {
    return spec;
  }
  return mapPlanes(spec, (panel) => {
    const raw = new Map(panel.layers.flatMap((layer) => (isRaw(layer) ? [[keyOf(layer), layer] as const] : [])));
    return {
      ...panel,
      layers: panel.layers.map((layer): Layer => {
        if (layer.kind !== "curve" || layer.role !== "smooth") {
          return layer;
        }
        const measured = raw.get(keyOf(layer));
        return measured === undefined ? layer : { ...layer, y: exponential(measured.y, smoothing) };
      }),
    };
  });
}

function isRaw(layer: Layer): layer is Curve {
  return layer.kind === "curve" && layer.role === "raw";
}

function keyOf({ name }: Curve): string {
  return inLanguage(name, "en");
}

/**
 * s_t = β·s_{t−1} + (1 − β)·y_t, divided by 1 − β^t so that the start is not drawn to 0 (as Adam's first moment).
 * What is no finite number stays what it is and changes nothing.
 */
export function exponential(y: readonly (number | null)[], strength: number): (number | null)[] {
  let mean = 0;
  let weight = 0;
  return y.map((value) => {
    if (value === null || !Number.isFinite(value)) {
      return value;
    }
    mean = strength * mean + (1 - strength) * value;
    weight = strength * weight + (1 - strength);
    return mean / weight;
  });
}

const iterations = "iterations";
/** What curves may be drawn over. */
export const abscissaNames: Readonly<Record<ViewState["abscissa"], Text>> = {
  iteration: { en: iterations, ja: "更新回数" },
  epoch: { en: "epochs", ja: "エポック" },
  seconds: { en: "seconds", ja: "秒" },
};

/** Draws the panels whose x axis counts iterations over epochs or seconds instead; the other panels stay. */
export function withAbscissa(spec: FigureSpec, abscissa: ViewState["abscissa"], clock: RunClock): FigureSpec {
  if (abscissa === "iteration") {
    return spec;
  }
  const at = abscissaOf(abscissa, clock);
  return mapPlanes(spec, (panel) =>
    inLanguage(panel.x.label, "en") === iterations
      ? {
          ...panel,
          x: mapAxis(panel.x, abscissaNames[abscissa], at),
          layers: panel.layers.map((layer) => mapX(layer, at)),
        }
      : panel,
  );
}

/** Turns iterations into epochs, or into seconds: straight lines between the moments known, the last one's pace after. */
export function abscissaOf(
  abscissa: "epoch" | "seconds",
  { batchSize, trainRows, clock }: RunClock,
): (iteration: number) => number {
  if (abscissa === "epoch") {
    return (iteration) => (iteration * batchSize) / trainRows;
  }
  const moments = clock.length > 0 && clock[0][0] > 0 ? [[0, 0] as const, ...clock] : clock;
  const known = moments.map(([iteration]) => iteration);
  if (moments.length < 2) {
    return () => moments[0]?.[1] ?? 0;
  }
  return (iteration) => {
    const right = Math.min(moments.length - 1, Math.max(1, countUntil(known, iteration)));
    const [from, begin] = moments[right - 1];
    const [to, end] = moments[right];
    return to === from ? end : begin + ((end - begin) * (iteration - from)) / (to - from);
  };
}

function mapAxis(axis: Axis, label: Text, at: (x: number) => number): Axis {
  const { domain } = axis;
  return {
    ...axis,
    label,
    whole: undefined,
    ticks: undefined,
    tickLabels: undefined,
    domain: domain === undefined ? undefined : [at(domain[0]), at(domain[1])],
  };
}

function mapX(layer: Layer, at: (x: number) => number): Layer {
  switch (layer.kind) {
    case "curve":
      return {
        ...layer,
        x: layer.x.map(at),
        ...(layer.horizon === undefined ? {} : { horizon: at(layer.horizon) }),
        ...(layer.broken === undefined ? {} : { broken: { ...layer.broken, x: at(layer.broken.x) } }),
      };
    case "band":
    case "points":
      return { ...layer, x: layer.x.map(at) };
    case "label":
      return { ...layer, x: at(layer.x) };
    case "rule":
      return layer.axis === "x" ? { ...layer, at: at(layer.at) } : layer;
    default:
      return layer;
  }
}

function mapPlanes(spec: FigureSpec, change: (panel: PlanePanel) => PlanePanel): FigureSpec {
  return { ...spec, panels: spec.panels.map((panel): Panel => (panel.kind === "plane" ? change(panel) : panel)) };
}

/** A figure with the curves as a person has chosen to see them: how smooth, and over what. */
export function lookedAt(
  spec: FigureSpec,
  { settings, view, timed, clock }: Pick<RunClock, "clock"> & { settings: Settings; view: ViewState; timed: boolean },
): FigureSpec {
  const smooth = withSmoothing(spec, view.smoothing);
  return timed
    ? withAbscissa(smooth, view.abscissa, {
        batchSize: Number(settings.batchSize ?? 1),
        trainRows: Number(settings.trainRows ?? 1),
        clock,
      })
    : smooth;
}
