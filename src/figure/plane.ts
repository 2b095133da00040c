import * as Plot from "@observablehq/plot";
import { inLanguage, type Language, type Text } from "../core/text.ts";
import { colorOf, scaleOf } from "./colors.ts";
import type { Axis, Contour, Layer, PlanePanel } from "./figure-spec.ts";
import { heatCells } from "./heat.ts";
import { dashOf } from "./legend.ts";
import { decades, marginsOf, planeHeight, tickNames, tickTurn } from "./plane-frame.ts";
import { runStyle, type Theme } from "./style.ts";

export interface PlaneOptions {
  readonly language: Language;
  readonly theme: Theme;
  readonly width: number;
  readonly document: Document;
}

/** Draws one panel with Observable Plot: an `<svg>` element of {@link planeHeight}. */
export function drawPlane(panel: PlanePanel, { language, theme, width, document }: PlaneOptions): Element {
  const margin = marginsOf(panel, width, language);
  const say = (text: Text) => inLanguage(text, language);
  const marks = panel.layers.flatMap((layer) => marksOf(layer, panel, say, theme));
  const named = (axis: Axis) => {
    const names = tickNames(axis, language, width);
    return names.length === 0
      ? ticks(axis)
      : { ticks: [...(axis.ticks ?? [])], tickFormat: (at: number) => names[axis.ticks?.indexOf(at) ?? -1] ?? "" };
  };
  return Plot.plot({
    document,
    width,
    height: planeHeight(panel, width, language),
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
        labelOffset: Math.max(36, margin.bottom - 6),
        ...named(panel.x),
        ...(margin.turned ? { tickRotate: (-tickTurn * 180) / Math.PI, textAnchor: "end" } : {}),
      }),
      Plot.axisY({
        label: say(panel.y.label),
        labelAnchor: "center",
        labelArrow: "none",
        labelOffset: Math.max(50, margin.left - 8),
        ...named(panel.y),
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

type Say = (text: Text) => string;

/** Plot leaves a gap where a value is NaN. */
function pointsOf(x: readonly (number | null)[], y: readonly (number | null)[]): { x: number; y: number }[] {
  return x.map((value, i) => ({ x: value ?? Number.NaN, y: y[i] ?? Number.NaN }));
}

function marksOf(layer: Layer, panel: PlanePanel, say: Say, theme: Theme): Plot.Markish[] {
  switch (layer.kind) {
    case "curve": {
      const { color, marker } = runStyle(layer.style);
      const points = pointsOf(layer.x, layer.y);
      const raw = layer.role === "raw";
      const dashes = dashOf(layer);
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
    case "heat":
      return [
        Plot.rect(heatCells(layer, panel, theme), {
          x1: "x1",
          x2: "x2",
          y1: "y1",
          y2: "y2",
          fill: "fill",
          // Else the page would show through where neighbours meet.
          inset: -0.4,
          shapeRendering: "crispEdges",
          clip: true,
        }),
      ];
    case "spans": {
      const half = layer.height / 2;
      const spans = layer.y.map((y, i) => ({ x1: layer.low[i], x2: layer.high[i], y1: y - half, y2: y + half }));
      return [
        Plot.rect(spans, {
          x1: "x1",
          x2: "x2",
          y1: "y1",
          y2: "y2",
          fill: runStyle(layer.style).color,
          stroke: theme.background,
          strokeWidth: 0.4,
          clip: true,
        }),
      ];
    }
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
      const { value, colors, marker = "dot" } = layer;
      const scale = colors ?? scaleOf(value ?? []);
      const fillOf = (i: number) => (value === undefined ? color : colorOf(scale, value[i], theme));
      const dots = layer.x.map((x, i) => ({ x, y: layer.y[i], fill: fillOf(i) }));
      if (marker !== "dot") {
        const symbol = marker === "ring" ? "circle" : "times";
        const at = { x: "x", y: "y", symbol, r: marker === "ring" ? 3 : 3.2 } as const;
        return [Plot.dot(dots, { ...at, fill: "none", stroke: "fill", strokeWidth: 1.2, clip: true })];
      }
      return [
        Plot.dot(dots, {
          x: "x",
          y: "y",
          r: 3.5,
          fill: "fill",
          stroke: theme.background,
          strokeWidth: colors === undefined ? 0.5 : 1,
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
