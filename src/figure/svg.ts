import { inLanguage, type Language } from "../core/text.ts";
import type { FigureSpec, Panel } from "./figure-spec.ts";
import { drawPlane, planeHeight } from "./plane.ts";
import { fontFamily, type RunStyle, runStyle, type Theme, type ThemeName, themes } from "./style.ts";
import { drawSurface, escapeText } from "./surface.ts";
import { pixelWidth } from "./text-width.ts";

export interface SvgOptions {
  readonly language: Language;
  readonly theme?: ThemeName;
  /** Pixels; 760 when absent. */
  readonly width?: number;
  /** The document that Observable Plot makes elements in: the page's, or linkedom's. */
  readonly document: Document;
  /** No background, for a page that has its own. */
  readonly transparent?: boolean;
  /** Begins every id inside, which must be unique in a page of several figures; the figure's own id when absent. */
  readonly idPrefix?: string;
}

const gap = 16;
const panelTitle = 20;
/** Pixels a panel needs, with names at its axes and without. */
const narrowest = { named: 250, bare: 140 } as const;

/**
 * Draws a figure as a standalone SVG: title, legend (colour, dash and marker of each run), panels in a grid. The same spec
 * and options give the same text.
 */
export function renderSvg(spec: FigureSpec, options: SvgOptions): string {
  const {
    language,
    theme: themeName = "light",
    width = 760,
    document,
    transparent = false,
    idPrefix = spec.id,
  } = options;
  const theme = themes[themeName];
  const parts: string[] = [];
  let y = 4;
  for (const line of wrap(inLanguage(spec.title, language), width - 2 * gap, 17)) {
    y += 22;
    parts.push(words(line, { x: gap, y, size: 16, weight: 700, theme }));
  }
  if (spec.subtitle !== undefined) {
    for (const line of wrap(inLanguage(spec.subtitle, language), width - 2 * gap, 12)) {
      y += 18;
      parts.push(words(line, { x: gap, y, size: 12, weight: 400, theme }));
    }
  }
  const legend = drawLegend(legendOf(spec, language), { y: y + 12, width, theme });
  parts.push(legend.markup);
  y = legend.bottom + 8;

  const named = spec.panels.some((panel) => panel.kind === "surface" || panel.x.label !== "");
  const needed = named ? narrowest.named : narrowest.bare;
  const columns = Math.max(1, Math.min(spec.columns, Math.floor((width - gap) / (needed + gap)), spec.panels.length));
  const panelWidth = Math.floor((width - gap * (columns + 1)) / columns);
  for (let first = 0; first < spec.panels.length; first += columns) {
    const row = spec.panels.slice(first, first + columns);
    const titled = row.some(({ title }) => title !== undefined);
    const height = Math.max(...row.map((panel) => panelHeight(panel, panelWidth)));
    row.forEach((panel, i) => {
      const x = gap + i * (panelWidth + gap);
      if (panel.title !== undefined) {
        const title = inLanguage(panel.title, language);
        parts.push(
          words(title, { x: x + panelWidth / 2, y: y + 13, size: 12.5, weight: 700, theme, anchor: "middle" }),
        );
      }
      const top = y + (titled ? panelTitle : 0);
      const drawn =
        panel.kind === "surface"
          ? drawSurface(panel, { language, theme, width: panelWidth, height })
          : markup(
              drawPlane(panel, { language, theme, width: panelWidth, document }),
              `${idPrefix}-${spec.panels.indexOf(panel)}`,
            );
      parts.push(`<g transform="translate(${x},${top})">${drawn}</g>`);
    });
    y += height + (titled ? panelTitle : 0) + gap;
  }

  const background = transparent ? "" : `<rect width="100%" height="100%" fill="${theme.background}"/>`;
  const label = escapeText(inLanguage(spec.title, language));
  const family = escapeText(fontFamily);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" role="img" aria-label="${label}" lang="${language}" font-family="${family}" color="${theme.ink}">${background}${parts.join("")}</svg>`;
}

function panelHeight(panel: Panel, width: number): number {
  return panel.kind === "surface" ? Math.round(width * 0.86) : planeHeight(panel, width);
}

/** Plot's element as markup without its style sheet, which would style the page it stands in, and with ids of ours. */
function markup(svg: Element, idPrefix: string): string {
  const ids = new Map<string, string>();
  for (const style of svg.querySelectorAll("style")) {
    style.remove();
  }
  svg.removeAttribute("class");
  svg.setAttribute("fill", "currentColor");
  svg.setAttribute("text-anchor", "middle");
  svg.setAttribute("font-size", "11");
  return (
    svg.outerHTML
      .replaceAll(/ style="[^"]*white-space[^"]*"/g, "")
      // A tenth of a pixel is enough; the contour lines alone would fill half a megabyte.
      .replaceAll(/ d="[^"]*"/g, (path) => path.replaceAll(/(\.\d)\d+/g, "$1"))
      .replaceAll(/(\d\.\d\d)\d+/g, "$1")
      // Plot numbers its clip paths by how many it has ever made.
      .replaceAll(/plot-clip-\d+/g, (id) => {
        const known = ids.get(id) ?? `${idPrefix}-clip${ids.size + 1}`;
        ids.set(id, known);
        return known;
      })
  );
}

interface LegendEntry {
  readonly name: string;
  readonly style: RunStyle;
  readonly marked: boolean;
  readonly dash: string;
}

/** Each named run once, in the order it is drawn. */
function legendOf(spec: FigureSpec, language: Language): LegendEntry[] {
  const entries = new Map<string, LegendEntry>();
  for (const panel of spec.panels) {
    for (const layer of panel.kind === "plane" ? panel.layers : []) {
      if ((layer.kind !== "curve" && layer.kind !== "path") || (layer.kind === "curve" && layer.role === "raw")) {
        continue;
      }
      const name = inLanguage(layer.name, language);
      const style = runStyle(layer.style);
      const marked = layer.kind === "path" || layer.markEvery !== undefined;
      const dash = layer.kind === "path" || layer.dash === "solid" ? "" : layer.dash === "dashed" ? "6 4" : style.dash;
      if (!entries.has(name)) {
        entries.set(name, { name, style, marked, dash });
      }
    }
  }
  return entries.size < 2 ? [] : [...entries.values()];
}

function drawLegend(
  entries: readonly LegendEntry[],
  { y, width, theme }: { y: number; width: number; theme: Theme },
): { markup: string; bottom: number } {
  let x = gap;
  let row = y;
  const parts = entries.map(({ name, style, marked, dash }) => {
    const wide = 56 + Math.ceil(1.1 * pixelWidth(name, 12));
    if (x + wide > width - gap && x > gap) {
      x = gap;
      row += 20;
    }
    const middle = row + 8;
    const line = `<line x1="${x}" x2="${x + 32}" y1="${middle}" y2="${middle}" stroke="${style.color}" stroke-width="2"${dash === "" ? "" : ` stroke-dasharray="${dash}"`}/>`;
    const sign = marked ? markerAt(style, x + 16, middle, theme) : "";
    const text = words(name, { x: x + 38, y: middle + 4, size: 12, weight: 400, theme });
    x += wide;
    return line + sign + text;
  });
  return { markup: parts.join(""), bottom: entries.length === 0 ? y : row + 18 };
}

/** The outline of a marker about the origin, as Plot draws it. */
const outlines: Readonly<Record<RunStyle["marker"], string>> = {
  circle: "M4,0A4,4,0,1,1,-4,0A4,4,0,1,1,4,0Z",
  times: "M-3.5,-3.5L3.5,3.5M-3.5,3.5L3.5,-3.5",
  square: "M-3.6,-3.6H3.6V3.6H-3.6Z",
  diamond: "M0,-5L4,0L0,5L-4,0Z",
  triangle: "M0,-4.5L4.3,3L-4.3,3Z",
  plus: "M-4.5,0H4.5M0,-4.5V4.5",
  star: "M0,-5L1.2,-1.6L4.8,-1.5L1.9,0.6L2.9,4L0,2L-2.9,4L-1.9,0.6L-4.8,-1.5L-1.2,-1.6Z",
  wye: "M0,0V4.5M0,0L-3.9,-2.5M0,0L3.9,-2.5",
};

function markerAt({ marker, color }: RunStyle, x: number, y: number, theme: Theme): string {
  return `<path transform="translate(${x},${y})" d="${outlines[marker]}" fill="${theme.background}" stroke="${color}" stroke-width="1.6"/>`;
}

function words(
  text: string,
  at: { x: number; y: number; size: number; weight: number; theme: Theme; anchor?: "start" | "middle" },
): string {
  const { x, y, size, weight, theme, anchor = "start" } = at;
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${theme.ink}">${escapeText(text)}</text>`;
}

/** Breaks a text into lines that fit: at spaces, or between full-width characters. */
function wrap(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.match(/[\u3000-\u9fff\uff00-\uffef]|[^\u3000-\u9fff\uff00-\uffef\s]+\s*|\s+/g) ?? []) {
    if (line !== "" && pixelWidth(line + piece.trimEnd(), size) > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  return line.trim() === "" ? lines : [...lines, line.trimEnd()];
}
