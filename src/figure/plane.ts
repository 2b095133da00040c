import * as Plot from "@observablehq/plot";
import { inLanguage, type Language, type Text } from "../core/text.ts";
import type { Axis, Contour, Layer, PlanePanel } from "./figure-spec.ts";
import { runStyle, type Theme } from "./style.ts";

export interface PlaneOptions {
  readonly language: Language;
  readonly theme: Theme;
  readonly width: number;
  readonly document: Document;
}

/** Height over width of a panel's plotting area, when it does not say. */
const usualAspect = 0.62;
const fullMargin = { left: 58, right: 22, top: 14, bottom: 42 };

/** Axes without names need less room. */
function marginsOf({ x, y }: PlanePanel): typeof fullMargin {
  const { left, bottom } = fullMargin;
  return { ...fullMargin, left: y.label === "" ? 42 : left, bottom: x.label === "" ? 26 : bottom };
}

export function planeHeight(panel: PlanePanel, width: number): number {
  const margin = marginsOf(panel);
  return Math.round((width - margin.left - margin.right) * (panel.aspect ?? usualAspect)) + margin.top + margin.bottom;
}

/** Draws one panel with Observable Plot: an `<svg>` element of {@link planeHeight}. */
export function drawPlane(panel: PlanePanel, { language, theme, width, document }: PlaneOptions): Element {
  const margin = marginsOf(panel);
  const say = (text: Text) => inLanguage(text, language);
  const marks = panel.layers.flatMap((layer) => marksOf(layer, say, theme));
  return Plot.plot({
    document,
    width,
    height: planeHeight(panel, width),
    marginLeft: margin.left,
    marginRight: margin.right,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    style: { background: "none", color: theme.ink, fontSize: "11px", overflow: "visible" },
    x: scale(panel.x),
    y: scale(panel.y),
    marks: [
      Plot.gridX({ stroke: theme.faint, strokeOpacity: 1, ...ticks(panel.x) }),
      Plot.gridY({ stroke: theme.faint, strokeOpacity: 1, ...ticks(panel.y) }),
      Plot.frame({ stroke: theme.faint }),
      ...marks,
      Plot.axisX({
        label: say(panel.x.label),
        labelAnchor: "center",
        labelArrow: "none",
        labelOffset: 36,
        ...ticks(panel.x),
      }),
      Plot.axisY({
        label: say(panel.y.label),
        labelAnchor: "center",
        labelArrow: "none",
        labelOffset: 50,
        ...ticks(panel.y),
      }),
    ],
  }) as unknown as Element;
}

function scale({ domain, scale: kind = "linear" }: Axis): Plot.ScaleOptions {
  return { type: kind, ...(domain === undefined ? { nice: true } : { domain: [...domain] }), label: null };
}

function ticks({ ticks: at, scale: kind, domain }: Axis): { ticks?: number[]; tickFormat?: string } {
  if (kind === "log") {
    return {
      tickFormat: "~e",
      ...(at === undefined && domain === undefined ? {} : { ticks: [...(at ?? decades(domain!))] }),
    };
  }
  return at === undefined ? {} : { ticks: [...at] };
}

/** The powers of ten in a domain. */
function decades([low, high]: readonly [number, number]): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(`1e${first + i}`));
}

type Say = (text: Text) => string;

/** Plot leaves a gap where a value is NaN. */
function pointsOf(x: readonly (number | null)[], y: readonly (number | null)[]): { x: number; y: number }[] {
  return x.map((value, i) => ({ x: value ?? Number.NaN, y: y[i] ?? Number.NaN }));
}

function marksOf(layer: Layer, say: Say, theme: Theme): Plot.Markish[] {
  switch (layer.kind) {
    case "curve": {
      const { color, marker, dash } = runStyle(layer.style);
      const points = pointsOf(layer.x, layer.y);
      const raw = layer.role === "raw";
      const dashes = layer.dash === "solid" ? "" : layer.dash === "dashed" ? "6 4" : dash;
      const line = Plot.line(points, {
        x: "x",
        y: "y",
        stroke: color,
        strokeWidth: raw ? 0.6 : layer.role === "smooth" ? 2 : 1.6,
        strokeOpacity: raw ? 0.22 : 1,
        strokeDasharray: raw || dashes === "" ? undefined : dashes,
        clip: true,
      });
      const every = layer.markEvery;
      if (every === undefined) {
        return [line];
      }
      const marked = points.filter((_, i) => i % every === 0);
      return [
        line,
        Plot.dot(marked, {
          x: "x",
          y: "y",
          symbol: marker,
          r: 4,
          fill: theme.background,
          stroke: color,
          strokeWidth: 1.6,
          clip: true,
        }),
      ];
    }
    case "path": {
      const { color, marker } = runStyle(layer.style);
      const points = pointsOf(layer.x, layer.y);
      return [
        Plot.line(points, { x: "x", y: "y", stroke: color, strokeWidth: 1.8, clip: true }),
        Plot.dot(points, {
          x: "x",
          y: "y",
          symbol: marker,
          r: 3,
          fill: theme.background,
          stroke: color,
          strokeWidth: 1.4,
          clip: true,
        }),
      ];
    }
    case "contour":
      return [contour(layer, theme)];
    case "bars": {
      const bins = layer.counts.map((count, i) => ({ low: layer.edges[i], high: layer.edges[i + 1], count }));
      return [
        Plot.rectY(bins, {
          x1: "low",
          x2: "high",
          y: "count",
          fill: runStyle(layer.style).color,
          insetLeft: 0.5,
          clip: true,
        }),
      ];
    }
    case "band": {
      const band = layer.x.map((x, i) => ({ x, low: layer.low[i] ?? Number.NaN, high: layer.high[i] ?? Number.NaN }));
      return [
        Plot.areaY(band, {
          x: "x",
          y1: "low",
          y2: "high",
          fill: runStyle(layer.style).color,
          fillOpacity: 0.18,
          clip: true,
        }),
      ];
    }
    case "points": {
      const { color } = runStyle(layer.style);
      const shade = layer.value === undefined ? undefined : shader(layer.value, theme);
      const dots = layer.x.map((x, i) => ({ x, y: layer.y[i], fill: shade?.(i) ?? color }));
      return [
        Plot.dot(dots, {
          x: "x",
          y: "y",
          r: 3.5,
          fill: "fill",
          stroke: theme.background,
          strokeWidth: 0.5,
          clip: true,
        }),
      ];
    }
    case "rule": {
      const style = { stroke: theme.ink, strokeDasharray: "4 3", strokeOpacity: 0.7 };
      const rule = layer.axis === "x" ? Plot.ruleX([layer.at], style) : Plot.ruleY([layer.at], style);
      if (layer.label === undefined) {
        return [rule];
      }
      const text = [say(layer.label)];
      const note =
        layer.axis === "x"
          ? Plot.text(text, {
              x: [layer.at],
              frameAnchor: "top",
              text: (d: string) => d,
              textAnchor: "start",
              dx: 4,
              fill: theme.ink,
            })
          : Plot.text(text, {
              y: [layer.at],
              frameAnchor: "right",
              text: (d: string) => d,
              textAnchor: "end",
              dy: -6,
              fill: theme.ink,
            });
      return [rule, note];
    }
    case "label":
      return [
        Plot.text([say(layer.text)], {
          x: [layer.x],
          y: [layer.y],
          text: (d: string) => d,
          fill: theme.ink,
          fontSize: 12,
        }),
      ];
  }
}

function contour({ grid, levels }: Contour, theme: Theme): Plot.Markish {
  const columns = grid.x.length;
  const rows = grid.y.length;
  const stepX = (grid.x[columns - 1] - grid.x[0]) / (columns - 1);
  const stepY = (grid.y[rows - 1] - grid.y[0]) / (rows - 1);
  // Plot takes samples as cells' centres: the extent reaches half a step beyond the first and last.
  return Plot.contour(
    grid.z.map((z) => z ?? Number.NaN),
    {
      width: columns,
      height: rows,
      x1: grid.x[0] - stepX / 2,
      x2: grid.x[columns - 1] + stepX / 2,
      y1: grid.y[0] - stepY / 2,
      y2: grid.y[rows - 1] + stepY / 2,
      thresholds: [...levels],
      fill: "none",
      stroke: theme.ink,
      strokeOpacity: 0.28,
      strokeWidth: 0.8,
      clip: true,
    },
  );
}

/** A colour between the theme's low and high for each value. */
function shader(values: readonly (number | null)[], theme: Theme): (i: number) => string {
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  return (i) => {
    const value = values[i];
    return value === null ? theme.faint : mix(theme.low, theme.high, (value - low) / span);
  };
}

/** A mixture of two #rrggbb colours; share 0 is the first. */
export function mix(a: string, b: string, share: number): string {
  const channel = (at: number) => {
    const [from, to] = [a, b].map((color) => Number.parseInt(color.slice(at, at + 2), 16));
    return Math.round(from + (to - from) * Math.min(1, Math.max(0, share)))
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
