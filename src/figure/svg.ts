import { validXml } from "../core/printable.ts";
import { inLanguage, type Language } from "../core/text.ts";
import type { FigureSpec, Panel } from "./figure-spec.ts";
import { gap, placeHeading, placePanels } from "./layout.ts";
import { colorKeysOf, legendOf } from "./legend.ts";
import { drawParallel } from "./parallel.ts";
import { drawPlane, endNamesMarkup, oddSigns } from "./plane.ts";
import { fontFamily, type Theme, type ThemeName, themes } from "./style.ts";
import { drawSurface } from "./surface.ts";
import { drawColorKeys, drawLegend } from "./svg-legend.ts";
import { escapeText, words } from "./svg-words.ts";

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
  const heading = placeHeading(spec, width, language);
  for (const { text, y, size, weight } of heading.lines) {
    parts.push(words(text, { x: gap, y, size, weight, theme }));
  }
  const legend = drawLegend(legendOf(spec, language), { y: heading.bottom + 12, width, theme });
  parts.push(legend.markup);
  const keys = drawColorKeys(colorKeysOf(spec), { y: legend.bottom, width, theme, language });
  parts.push(keys.markup);

  const panels = placePanels(spec, { width, top: keys.bottom + 8, language });
  for (const { index, x, titleY, top, width: panelWidth, height } of panels.boxes) {
    const panel = spec.panels[index];
    if (panel.title !== undefined) {
      const title = inLanguage(panel.title, language);
      parts.push(words(title, { x: x + panelWidth / 2, y: titleY, size: 12.5, weight: 700, theme, anchor: "middle" }));
    }
    const id = `${idPrefix}-${index}`;
    const drawn = drawPanel(panel, { language, theme, width: panelWidth, height, document, id });
    parts.push(`<g transform="translate(${x},${top})">${drawn}</g>`);
  }
  const y = panels.bottom;

  const background = transparent ? "" : `<rect width="100%" height="100%" fill="${theme.background}"/>`;
  const label = escapeText(inLanguage(spec.title, language));
  const family = escapeText(fontFamily);
  const whole = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" role="img" aria-label="${label}" lang="${language}" font-family="${family}" color="${theme.ink}">${background}${parts.join("")}</svg>`;
  return validXml(whole);
}

function drawPanel(
  panel: Panel,
  options: { language: Language; theme: Theme; width: number; height: number; document: Document; id: string },
): string {
  switch (panel.kind) {
    case "plane":
      return markup(drawPlane(panel, options), options.id) + oddSigns(panel, options) + endNamesMarkup(panel, options);
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
  // Plot names the system's face; figures have one for all their words.
  svg.removeAttribute("font-family");
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
