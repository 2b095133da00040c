import * as Plot from "@observablehq/plot";
import { inLanguage, type Language, type Text } from "../core/text.ts";
import { axisScale } from "./axis-scale.ts";
import { isNear } from "./clip.ts";
import { endNameSize, endNames } from "./end-names.ts";
import type { Layer, PlanePanel, Rule } from "./figure-spec.ts";
import { placeOdd } from "./odd-signs.ts";
import { oddMarks } from "./odd-values.ts";
import { bandMarks, barMarks, contourMarks, heatMarks, spanMarks } from "./plane-areas.ts";
import { marginsOf, planeHeight, tickTurn } from "./plane-frame.ts";
import { curveMarks, pathMarks, pointMarks } from "./plane-lines.ts";
import { nearEdge, type PlotFrame, type Say } from "./plane-plot.ts";
import { plotAxis } from "./plot-axis.ts";
import { runStyle, type Theme } from "./style.ts";
import { oddMarkup } from "./svg-legend.ts";
import { words } from "./svg-words.ts";

export interface PlaneOptions {
  readonly language: Language;
  readonly theme: Theme;
  readonly width: number;
  readonly document: Document;
}

/** Draws one panel with Observable Plot: an `<svg>` element of {@link planeHeight}. */
export function drawPlane(panel: PlanePanel, { language, theme, width, document }: PlaneOptions): Element {
  const margin = marginsOf(panel, width, language);
  const height = planeHeight(panel, width, language);
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const say = (text: Text) => inLanguage(text, language);
  const x = plotAxis(panel, "x", { language, width, pixels: inner.width });
  const y = plotAxis(panel, "y", { language, width, pixels: inner.height });
  const frame: PlotFrame = { panel, x, y, ...inner };
  return Plot.plot({
    document,
    width,
    height,
    marginLeft: margin.left,
    marginRight: margin.right,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    style: { background: "none", color: theme.ink, fontSize: "11px", overflow: "visible" },
    x: x.scale,
    y: y.scale,
    marks: [
      Plot.gridX({ stroke: theme.faint, strokeOpacity: 1, ...x.grid }),
      Plot.gridY({ stroke: theme.faint, strokeOpacity: 1, ...y.grid }),
      Plot.frame({ stroke: theme.faint }),
      ...panel.layers.flatMap((layer) => marksOf(layer, frame, say, theme)),
      Plot.axisX({
        label: say(panel.x.label),
        labelAnchor: "center",
        labelArrow: "none",
        labelOffset: Math.max(36, margin.bottom - 6),
        ...x.ticks,
        ...(margin.turned ? { tickRotate: (-tickTurn * 180) / Math.PI, textAnchor: "end" } : {}),
      }),
      Plot.axisY({
        label: say(panel.y.label),
        labelAnchor: "center",
        labelArrow: "none",
        labelOffset: Math.max(50, margin.left - 8),
        ...y.ticks,
      }),
    ],
  }) as unknown as Element;
}

/** The signs of values that have no place in a panel, as SVG markup over it. */
export function oddSigns(
  panel: PlanePanel,
  { language, theme, width }: { language: Language; theme: Theme; width: number },
): string {
  const margin = marginsOf(panel, width, language);
  const bottom = planeHeight(panel, width, language) - margin.bottom;
  const plot = { left: margin.left, right: width - margin.right, top: margin.top, bottom };
  return placeOdd(oddMarks(panel), plot)
    .map(({ mark, words: place, x, y }) => {
      const { color } = runStyle(mark.style);
      const at = { x: Number(x.toFixed(1)), y: Number(y.toFixed(1)), color, background: theme.background };
      const told = mark.text === undefined || place === null ? null : inLanguage(mark.text, language);
      const look = { size: 11, weight: 700, theme: { ...theme, ink: color } };
      return oddMarkup(mark.kind, at) + (told === null || place === null ? "" : words(told, { ...place, ...look }));
    })
    .join("");
}

/** The names at the ends of a panel's curves, as SVG markup over it. */
export function endNamesMarkup(
  panel: PlanePanel,
  { language, theme, width }: { language: Language; theme: Theme; width: number },
): string {
  const margin = marginsOf(panel, width, language);
  const bottom = planeHeight(panel, width, language) - margin.bottom;
  const options = { language, panelWidth: width };
  const x = axisScale(panel, "x", [margin.left, width - margin.right], options);
  const y = axisScale(panel, "y", [bottom, margin.top], options);
  return endNames(panel, { language, x, y, top: margin.top, bottom, right: width })
    .map(({ text, color, x: at, y: base }) =>
      words(text, { x: at, y: base, size: endNameSize, weight: 700, theme: { ...theme, ink: color } }),
    )
    .join("");
}

function marksOf(layer: Layer, frame: PlotFrame, say: Say, theme: Theme): Plot.Markish[] {
  switch (layer.kind) {
    case "curve":
      return curveMarks(layer, frame, theme);
    case "path":
      return pathMarks(layer, frame, theme);
    case "contour":
      return contourMarks(layer, frame, theme);
    case "heat":
      return heatMarks(layer, frame, theme);
    case "bars":
      return barMarks(layer, frame);
    case "spans":
      return spanMarks(layer, frame, theme);
    case "band":
      return bandMarks(layer, frame);
    case "points":
      return pointMarks(layer, frame, theme);
    case "rule":
      return ruleMarks(layer, frame, say, theme);
    case "label": {
      const { x, y } = frame;
      if (!isNear(x.share(layer.x), y.share(layer.y), nearEdge)) {
        return [];
      }
      const at = { x: [x.at(layer.x)], y: [y.at(layer.y)] };
      return [Plot.text([say(layer.text)], { ...at, text: (d: string) => d, fill: theme.ink, fontSize: 12 })];
    }
  }
}

function ruleMarks(layer: Rule, frame: PlotFrame, say: Say, theme: Theme): Plot.Markish[] {
  const axis = frame[layer.axis];
  if (!isNear(axis.share(layer.at), 0, nearEdge)) {
    return [];
  }
  const at = axis.at(layer.at);
  const style = { stroke: theme.ink, strokeDasharray: "4 3", strokeOpacity: 0.7 };
  const rule = layer.axis === "x" ? Plot.ruleX([at], style) : Plot.ruleY([at], style);
  if (layer.label === undefined) {
    return [rule];
  }
  const text = [say(layer.label)];
  const words = { text: (d: string) => d, fill: theme.ink };
  return [
    rule,
    layer.axis === "x"
      ? Plot.text(text, {
          x: [at],
          frameAnchor: "top",
          ...words,
          ...besideRule(axis.share(layer.at) * frame.width, frame),
        })
      : Plot.text(text, { y: [at], frameAnchor: "right", ...words, textAnchor: "end", dy: -6 }),
  ];
}

/** Words beside an upright line and below the frame: right of it, or left of it where the panel ends. */
function besideRule(pixel: number, { width }: PlotFrame): { textAnchor: "start" | "end"; dx: number; dy: number } {
  return { dy: 4, ...(pixel > width - 70 ? { textAnchor: "end", dx: -4 } : { textAnchor: "start", dx: 4 }) };
}
