import { inLanguage, type Language } from "../core/text.ts";
import type { FigureSpec, Panel } from "./figure-spec.ts";
import { colorKeysOf, drawColorKeys, drawLegend, legendOf } from "./legend.ts";
import { drawParallel, parallelHeight } from "./parallel.ts";
import { drawPlane, planeHeight } from "./plane.ts";
import { fontFamily, type Theme, type ThemeName, themes } from "./style.ts";
import { drawSurface, escapeText } from "./surface.ts";
import { gap, words } from "./svg-words.ts";
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
  const keys = drawColorKeys(colorKeysOf(spec), { y: legend.bottom, width, theme, language });
  parts.push(keys.markup);
  y = keys.bottom + 8;

  const named = spec.panels.some((panel) => panel.kind !== "plane" || panel.x.label !== "");
  const needed = named ? narrowest.named : narrowest.bare;
  const columns = Math.max(1, Math.min(spec.columns, Math.floor((width - gap) / (needed + gap)), spec.panels.length));
  const panelWidth = Math.floor((width - gap * (columns + 1)) / columns);
  for (let first = 0; first < spec.panels.length; first += columns) {
    const row = spec.panels.slice(first, first + columns);
    const titled = row.some(({ title }) => title !== undefined);
    const height = Math.max(...row.map((panel) => panelHeight(panel, panelWidth, language)));
    row.forEach((panel, i) => {
      const x = gap + i * (panelWidth + gap);
      if (panel.title !== undefined) {
        const title = inLanguage(panel.title, language);
        parts.push(
          words(title, { x: x + panelWidth / 2, y: y + 13, size: 12.5, weight: 700, theme, anchor: "middle" }),
        );
      }
      const top = y + (titled ? panelTitle : 0);
      const id = `${idPrefix}-${spec.panels.indexOf(panel)}`;
      const drawn = drawPanel(panel, { language, theme, width: panelWidth, height, document, id });
      parts.push(`<g transform="translate(${x},${top})">${drawn}</g>`);
    });
    y += height + (titled ? panelTitle : 0) + gap;
  }

  const background = transparent ? "" : `<rect width="100%" height="100%" fill="${theme.background}"/>`;
  const label = escapeText(inLanguage(spec.title, language));
  const family = escapeText(fontFamily);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" role="img" aria-label="${label}" lang="${language}" font-family="${family}" color="${theme.ink}">${background}${parts.join("")}</svg>`;
}

function panelHeight(panel: Panel, width: number, language: Language): number {
  switch (panel.kind) {
    case "plane":
      return planeHeight(panel, width, language);
    case "surface":
      return Math.round(width * 0.86);
    case "parallel":
      return parallelHeight(width);
  }
}

function drawPanel(
  panel: Panel,
  options: { language: Language; theme: Theme; width: number; height: number; document: Document; id: string },
): string {
  switch (panel.kind) {
    case "plane":
      return markup(drawPlane(panel, options), options.id);
    case "surface":
      return drawSurface(panel, options);
    case "parallel":
      return drawParallel(panel, options);
  }
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
