import { inLanguage, type Language } from "../../core/text.ts";
import { valueAlong } from "../along.ts";
import { mix, shareOf } from "../colors.ts";
import type { FigureSpec } from "../figure-spec.ts";
import { gap, type PanelBox, placeHeading, placePanels } from "../layout.ts";
import { colorKeysOf, keySteps, keyWidth, type LegendSign, legendOf, placeLegend, signWidth } from "../legend.ts";
import type { Theme } from "../style.ts";
import { pixelWidth } from "../text-width.ts";
import { tickTexts } from "../ticks.ts";
import { drawParallelPanel } from "./draw-parallel.ts";
import { drawPlanePanel } from "./draw-plane.ts";
import { drawSurfacePanel } from "./draw-surface.ts";
import { type Context, drawLine, drawMarker, drawOddSign, drawWords, setDash } from "./pencil.ts";
import { type PlanePlace, placePlane } from "./plane-place.ts";

export interface FigureOptions {
  readonly language: Language;
  /** Pixels: CSS pixels, or an SVG's units. */
  readonly width: number;
  /** `all`: title, legend and panels. `panels`: the page shows the rest itself. `all` when absent. */
  readonly parts?: "all" | "panels";
  /** Pixels a panel without names at its axes needs at least. */
  readonly narrowest?: number;
}

/** Where everything of a figure lies, in the same pixels. */
export interface FigurePlaces {
  readonly spec: FigureSpec;
  readonly options: FigureOptions;
  readonly height: number;
  readonly boxes: readonly PanelBox[];
  /** By the panels' places in the figure; null for those without axes. */
  readonly planes: readonly (PlanePlace | null)[];
}

/** Places a figure's parts. */
export function placeFigure(spec: FigureSpec, options: FigureOptions): FigurePlaces {
  const { language, width, parts = "all", narrowest } = options;
  const all = parts === "all";
  const top = all
    ? keysTop(spec, options) + 20 * colorKeysOf(spec).length + (colorKeysOf(spec).length > 0 ? 4 : 0) + 8
    : 4;
  const { boxes, bottom } = placePanels(spec, {
    width,
    top,
    language,
    margin: all ? gap : 0,
    narrowest,
  });
  const planes = boxes.map((box) => {
    const panel = spec.panels[box.index];
    return panel.kind === "plane" ? placePlane(panel, box, language) : null;
  });
  return { spec, options, height: all ? bottom : Math.max(0, bottom - gap), boxes, planes };
}

function keysTop(spec: FigureSpec, { language, width }: FigureOptions): number {
  const { bottom } = placeHeading(spec, width, language);
  return placeLegend(legendOf(spec, language), { y: bottom + 12, width }).bottom;
}

/**
 * Draws a figure: title, legend (colour, dash and marker of each run), panels in a grid. The context's transform is the
 * caller's: one unit is a pixel of the places. Fills no background. @param drawPlane draws a panel with axes; whole when absent
 */
export function drawFigure(ctx: Context, places: FigurePlaces, theme: Theme, drawPlane = drawPlanePanel): void {
  const { spec, options, boxes, planes } = places;
  const { language, parts = "all" } = options;
  if (parts === "all") {
    drawHeading(ctx, spec, options, theme);
  }
  boxes.forEach((box, i) => {
    const panel = spec.panels[box.index];
    if (panel.title !== undefined) {
      const title = inLanguage(panel.title, language);
      const x = box.x + box.width / 2;
      drawWords(ctx, title, { x, y: box.titleY, size: 12.5, weight: 700, anchor: "middle", color: theme.ink });
    }
    switch (panel.kind) {
      case "plane":
        drawPlane(ctx, planes[i]!, { theme, language });
        break;
      case "surface":
        drawSurfacePanel(ctx, panel, box, { theme, language });
        break;
      case "parallel":
        drawParallelPanel(ctx, panel, box, { theme, language });
        break;
      default:
        panel satisfies never;
    }
  });
}

function drawHeading(ctx: Context, spec: FigureSpec, options: FigureOptions, theme: Theme): void {
  const { language, width } = options;
  const heading = placeHeading(spec, width, language);
  for (const { text, y, size, weight } of heading.lines) {
    drawWords(ctx, text, { x: gap, y, size, weight, color: theme.ink });
  }
  const { places } = placeLegend(legendOf(spec, language), { y: heading.bottom + 12, width });
  for (const { entry, x, middle } of places) {
    drawSign(ctx, entry.sign, x, middle, theme);
    drawWords(ctx, entry.name, { x: x + signWidth(entry.sign) + 6, y: middle + 4, size: 12, color: theme.ink });
  }
  let y = keysTop(spec, options) + 4;
  for (const scale of colorKeysOf(spec)) {
    const middle = y + 8;
    const [low, high] = tickTexts(scale.domain);
    const label = `${inLanguage(scale.label, language)}  ${low}`;
    const x = gap + Math.ceil(1.05 * pixelWidth(label, 11.5)) + 6;
    drawWords(ctx, label, { x: gap, y: middle + 4, size: 11.5, color: theme.ink });
    for (let i = 0; i < keySteps; i++) {
      ctx.fillStyle = mix(theme.low, theme.high, shareOf(scale, valueAlong((i + 0.5) / keySteps, scale)));
      ctx.fillRect(x + (i * keyWidth) / keySteps, middle - 5, keyWidth / keySteps + 0.3, 10);
    }
    drawWords(ctx, high, { x: x + keyWidth + 6, y: middle + 4, size: 11.5, color: theme.ink });
    y += 20;
  }
}

/** Draws what a named thing is known by, from x, about a height. */
function drawSign(ctx: Context, sign: LegendSign, x: number, middle: number, theme: Theme): void {
  const { color } = sign;
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  switch (sign.kind) {
    case "line": {
      ctx.lineWidth = 2;
      setDash(ctx, sign.dash);
      drawLine(ctx, x, middle, x + 32, middle);
      if (sign.marker !== null) {
        const { background } = theme;
        drawMarker(ctx, { marker: sign.marker, color }, { x: x + 16, y: middle, r: 4, width: 1.6, background });
      }
      break;
    }
    case "odd":
      drawOddSign(ctx, sign.odd, { x: x + 6, y: middle, color, background: theme.background });
      break;
    case "block":
      ctx.fillRect(x, middle - 5, 18, 10);
      break;
    case "cross":
      drawMarker(ctx, { marker: "times", color }, { x: x + 5, y: middle, r: 4, width: 1.4, background: "transparent" });
      break;
    case "dot":
    case "ring":
      setDash(ctx, "");
      ctx.lineWidth = 1.4;
      ctx.beginPath();
      ctx.arc(x + 5, middle, sign.kind === "dot" ? 4 : 3.6, 0, 2 * Math.PI);
      if (sign.kind === "dot") {
        ctx.fill();
      } else {
        ctx.stroke();
      }
      break;
  }
}
