import { largestOf } from "../core/long-lists.ts";
import { inLanguage, type Language } from "../core/text.ts";
import type { FigureSpec, Panel } from "./figure-spec.ts";
import { parallelHeight } from "./parallel-shapes.ts";
import { marginsOf, plotHeight } from "./plane-frame.ts";
import { pixelWidth, wrapped } from "./text-width.ts";

/** Pixels that a figure is wide where nobody says how wide. */
export const usualWidth = 760;

/** Pixels between the parts of a figure. */
export const gap = 16;
const panelTitle = 20;
/** Pixels a panel needs, with names at its axes and without. */
const narrowest = { named: 250, bare: 140 } as const;

/** A line of a figure's heading; y is its baseline. */
export interface HeadingLine {
  readonly text: string;
  readonly y: number;
  readonly size: number;
  readonly weight: number;
}

/** Breaks title and subtitle into lines that fit a width. */
export function placeHeading(
  { title, subtitle }: Pick<FigureSpec, "title" | "subtitle">,
  width: number,
  language: Language,
): { lines: HeadingLine[]; bottom: number } {
  let y = 4;
  const lines: HeadingLine[] = [];
  for (const text of wrap(inLanguage(title, language), width - 2 * gap, 17)) {
    y += 22;
    lines.push({ text, y, size: 16, weight: 700 });
  }
  for (const text of subtitle === undefined ? [] : wrap(inLanguage(subtitle, language), width - 2 * gap, 12)) {
    y += 18;
    lines.push({ text, y, size: 12, weight: 400 });
  }
  return { lines, bottom: y };
}

/** Where a panel lies: `x` and `top` are its corner below its title, whose baseline is at `titleY`. */
export interface PanelBox {
  /** Place among the figure's panels. */
  readonly index: number;
  readonly x: number;
  readonly top: number;
  readonly titleY: number;
  readonly width: number;
  readonly height: number;
  /** What the row's panels with axes have in common, so that their axes are level. */
  readonly plot: {
    readonly height: number;
    /** Pixels right of the plotting area, in every row. */
    readonly right: number;
  };
}

/** Places the panels of a figure in a grid: as many in a row as are asked for and as fit. */
export function placePanels(
  { panels, columns: asked, keepRows = false }: Pick<FigureSpec, "panels" | "columns" | "keepRows">,
  options: {
    readonly width: number;
    readonly top: number;
    readonly language: Language;
    /** Pixels left free at both sides; {@link gap} when absent. */
    readonly margin?: number;
    /** Pixels a panel without names at its axes needs at least; usual ones when absent. */
    readonly narrowest?: number;
  },
): { boxes: PanelBox[]; bottom: number } {
  const { width, language, margin = gap } = options;
  const named = panels.some((panel) => panel.kind !== "plane" || panel.x.label !== "");
  const needed = named ? narrowest.named : (options.narrowest ?? narrowest.bare);
  const inner = width - 2 * margin;
  const fitting = Math.max(1, Math.min(asked, Math.floor((inner + gap) / (needed + gap)), panels.length));
  const columns = keepRows ? Math.ceil(asked / Math.ceil(asked / fitting)) : fitting;
  const panelWidth = Math.floor((inner - gap * (columns - 1)) / columns);
  const right = largestOf(planesOf(panels).map((panel) => marginsOf(panel, panelWidth, language).right));
  let y = options.top;
  const boxes: PanelBox[] = [];
  let first = 0;
  while (first < panels.length) {
    const left = keepRows ? asked - (first % asked) : columns;
    const row = panels.slice(first, first + Math.min(columns, left));
    const titled = row.some(({ title }) => title !== undefined);
    const margins = planesOf(row).map((panel) => marginsOf(panel, panelWidth, language));
    const plot = {
      height: largestOf(planesOf(row).map((panel, i) => plotHeight(panel, panelWidth - margins[i].left - right))),
      right,
    };
    const height = largestOf([
      ...margins.map(({ top, bottom }) => top + plot.height + bottom),
      ...row.map((panel) => heightWithoutAxes(panel, panelWidth)),
    ]);
    const top = y + (titled ? panelTitle : 0);
    row.forEach((_, i) => {
      const x = margin + i * (panelWidth + gap);
      boxes.push({ index: first + i, x, top, titleY: y + 13, width: panelWidth, height, plot });
    });
    first += row.length;
    y = top + height + gap;
  }
  return { boxes, bottom: y };
}

const planesOf = (panels: readonly Panel[]) => panels.filter((panel) => panel.kind === "plane");

function heightWithoutAxes(panel: Panel, width: number): number {
  switch (panel.kind) {
    case "plane":
      return 0;
    case "surface":
      return Math.round(width * 0.86);
    case "parallel":
      return parallelHeight(width);
  }
}

/** A text's lines of at most `width` pixels at a font size. */
const wrap = (text: string, width: number, size: number) => wrapped(text, width / pixelWidth("0", size));
