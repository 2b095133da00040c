import { inLanguage, type Language } from "../../core/text.ts";
import type {
  Axis,
  Bars,
  Curve,
  FigureSpec,
  Layer,
  Panel,
  Path,
  PlanePanel,
  Points,
  Spans,
} from "../../figure/figure-spec.ts";

/** What part of a panel is shown, in units of its axes. */
export interface Zoom {
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
}

/** How a person looks at a figure; what is absent is as the figure says. */
export interface FigureView {
  readonly logX?: boolean;
  readonly logY?: boolean;
  /** Keys of the legend's entries that are hidden. */
  readonly hidden?: readonly string[];
  /** By the panels' places in the figure. */
  readonly zoom?: Readonly<Record<number, Zoom>>;
  /** Names, in English, of the curves to look at: the others are drawn faint. All are alike when absent or empty. */
  readonly highlight?: readonly string[];
}

/** The figure as it is looked at: an ordinary figure again. */
export function applyView(spec: FigureSpec, view: FigureView): FigureSpec {
  const { logX = false, logY = false, hidden = [], zoom = {}, highlight = [] } = view;
  if (!logX && !logY && hidden.length === 0 && Object.keys(zoom).length === 0 && highlight.length === 0) {
    return spec;
  }
  return {
    ...spec,
    panels: spec.panels.map((panel, i): Panel => {
      if (panel.kind !== "plane") {
        return panel;
      }
      const part = zoom[i];
      return {
        ...panel,
        x: seen(panel.x, logX && canBeLog(panel, "x"), part?.x),
        y: seen(panel.y, logY && canBeLog(panel, "y"), part?.y),
        layers: highlighted(visibleLayers(panel.layers, new Set(hidden)), highlight),
      };
    }),
  };
}

function seen(axis: Axis, log: boolean, part: readonly [number, number] | undefined): Axis {
  if (!log && part === undefined) {
    return axis;
  }
  const { tickLabels, ticks, ...rest } = axis;
  return {
    ...rest,
    ...(tickLabels === undefined ? {} : { ticks, tickLabels }),
    domain: part ?? axis.domain,
    scale: log ? "log" : axis.scale,
  };
}

/** Whether an axis of a panel may be made logarithmic: named ticks, fields and bars would lose their sense. */
export function canBeLog(panel: Panel, which: "x" | "y"): boolean {
  return (
    panel.kind === "plane" &&
    panel[which].scale !== "log" &&
    panel[which].tickLabels === undefined &&
    panel.layers.some(({ kind }) => kind === "curve") &&
    !panel.layers.some(({ kind }) => ["heat", "contour", "spans", "path", "bars"].includes(kind))
  );
}

/** Curves that are not meant become thin and faint, where one of the panel is meant. */
function highlighted(layers: readonly Layer[], names: readonly string[]): readonly Layer[] {
  const meant = (layer: Layer) =>
    "name" in layer && layer.name !== undefined && names.includes(inLanguage(layer.name, "en"));
  return !layers.some(meant)
    ? layers
    : layers.flatMap((layer): Layer[] =>
        layer.kind !== "curve" || meant(layer)
          ? [layer]
          : layer.role === "raw"
            ? []
            : [{ ...layer, role: "raw", markEvery: undefined }],
      );
}

function visibleLayers(layers: readonly Layer[], hidden: ReadonlySet<string>): readonly Layer[] {
  if (hidden.size === 0) {
    return layers;
  }
  const isHidden = (layer: Layer) =>
    "name" in layer && layer.name !== undefined && hidden.has(inLanguage(layer.name, "en"));
  // A band without a name belongs to the curves of its style.
  const curves = layers.filter(({ kind }) => kind === "curve" || kind === "path") as { style: number }[];
  const gone = (style: number) => {
    const own = curves.filter((curve) => curve.style === style) as unknown as Layer[];
    return own.length > 0 && own.every(isHidden);
  };
  return layers.filter(
    (layer) => !isHidden(layer) && !(layer.kind === "band" && layer.name === undefined && gone(layer.style)),
  );
}

/** A layer whose values can be read. */
export type ReadableLayer = Curve | Path | Points | Bars | Spans;

/** The parts of a panel that have values to be read: a curve drawn as measured and smoothed only once. */
export function readable(panel: PlanePanel): ReadableLayer[] {
  const smooth = new Set(
    panel.layers.flatMap((layer) =>
      layer.kind === "curve" && layer.role !== "raw" ? [inLanguage(layer.name, "en")] : [],
    ),
  );
  return panel.layers.flatMap((layer): ReadableLayer[] => {
    switch (layer.kind) {
      case "curve":
        return layer.role === "raw" && smooth.has(inLanguage(layer.name, "en")) ? [] : [layer];
      case "path":
      case "points":
      case "bars":
      case "spans":
        return [layer];
      default:
        return [];
    }
  });
}

/** Whether a figure has values for a table. */
export function hasTable(spec: FigureSpec): boolean {
  return spec.panels.some((panel) => panel.kind === "plane" && readable(panel).length > 0);
}

/** A number to be read: four significant digits. */
export function valueText(value: number | null): string {
  if (value === null || Number.isNaN(value)) {
    return "–";
  }
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6)
    ? Number(value.toPrecision(4)).toExponential().replace("-", "−").replace("e−", "e-")
    : String(Number(value.toPrecision(4))).replace("-", "−");
}

/** Where a curve has come to. */
export interface EndValue {
  readonly panel: string;
  readonly name: string;
  readonly x: number | null;
  readonly y: number | null;
}

/** The last point of every curve and path. */
export function endValues(spec: FigureSpec, language: Language): EndValue[] {
  return spec.panels.flatMap((panel) =>
    panel.kind !== "plane"
      ? []
      : readable(panel).flatMap((layer) =>
          layer.kind === "curve" || layer.kind === "path"
            ? [
                {
                  panel: panel.title === undefined ? "" : inLanguage(panel.title, language),
                  name: inLanguage(layer.name, language),
                  x: layer.x.at(-1) ?? null,
                  y: layer.y.at(-1) ?? null,
                },
              ]
            : [],
        ),
  );
}

/** Most curves told of in a summary. */
const mostTold = 16;

/** What a figure shows, in a sentence or two for who cannot see it. */
export function summaryOf(spec: FigureSpec, language: Language): string {
  const ja = language === "ja";
  const title = inLanguage(spec.title, language);
  const stop = ja ? "。" : ". ";
  const ends = endValues(spec, language).filter(({ x }) => x !== null);
  if (ends.length === 0) {
    const names = spec.panels.flatMap(({ title }) => (title === undefined ? [] : [inLanguage(title, language)]));
    return [title, names.slice(0, mostTold).join(ja ? "、" : ", ")]
      .filter((part) => part !== "")
      .join(stop)
      .concat(stop.trim());
  }
  const told = Map.groupBy(ends.slice(0, mostTold), ({ panel }) => panel);
  const parts = [...told].map(([panel, curves]) => {
    const values = curves.map(
      ({ name, y }) => `${name} ${y === null || Number.isNaN(y) ? (ja ? "数値なし" : "not a number") : valueText(y)}`,
    );
    return `${panel === "" ? "" : `${panel}: `}${values.join(ja ? "、" : ", ")}`;
  });
  const more = ends.length - mostTold;
  const rest = more > 0 ? (ja ? `、ほか ${more} 本` : ` and ${more} more`) : "";
  const lead = ja ? "曲線の最後の値: " : "Last values of the curves: ";
  return `${title}${stop}${lead}${parts.join(ja ? "。" : "; ")}${rest}${ja ? "。" : "."}`;
}

/** All points of a panel: a row an x, a column a curve. */
export interface PointTable {
  readonly columns: readonly string[];
  readonly rows: number;
  /** The cells of the rows from `from` on. */
  page(from: number, count: number): (number | null)[][];
}

/** The points of a panel's curves, joined by x; the points of paths and scatters follow as pairs. */
export function pointTable(panel: PlanePanel, language: Language): PointTable {
  const layers = readable(panel);
  const curves = layers.filter((layer) => layer.kind === "curve");
  const xName = inLanguage(panel.x.label, language) || "x";
  if (curves.length > 0) {
    const all = new Set(curves.flatMap(({ x }) => x));
    const xs = [...all].sort((a, b) => a - b);
    const lookups = curves.map(({ x, y }) => new Map(x.map((at, i) => [at, y[i]])));
    return {
      columns: [xName, ...curves.map(({ name }) => inLanguage(name, language))],
      rows: xs.length,
      page: (from, count) =>
        xs.slice(from, from + count).map((x) => [x, ...lookups.map((lookup) => lookup.get(x) ?? null)]),
    };
  }
  const pairs = layers.flatMap((layer): [number | null, number | null][] => {
    switch (layer.kind) {
      case "path":
      case "points":
        return layer.x.map((x, i) => [x, layer.y[i]]);
      case "bars":
        return layer.counts.map((count, i) => [layer.edges[i], count]);
      case "spans":
        return layer.low.map((low, i) => [low, layer.high[i]]);
      default:
        return [];
    }
  });
  return {
    columns: [xName, inLanguage(panel.y.label, language) || "y"],
    rows: pairs.length,
    page: (from, count) => pairs.slice(from, from + count),
  };
}
