import { escapeText } from "../core/escape-text.ts";
import { validXml } from "../core/printable.ts";
import { inLanguage, type Language } from "../core/text.ts";
import { drawFigure, placeFigure } from "./drawing/draw-figure.ts";
import { SvgContext } from "./drawing/svg-context.ts";
import type { FigureSpec } from "./figure-spec.ts";
import { usualWidth } from "./layout.ts";
import { fontFamily, type ThemeName, themes } from "./style.ts";

export interface SvgOptions {
  readonly language: Language;
  readonly theme?: ThemeName;
  /** Pixels; 760 when absent. */
  readonly width?: number;
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
  const { language, theme: themeName = "light", width = usualWidth, transparent = false, idPrefix = spec.id } = options;
  const theme = themes[themeName];
  const places = placeFigure(spec, { language, width });
  const { height } = places;
  const ctx = new SvgContext(idPrefix);
  drawFigure(ctx, places, theme);
  const background = transparent ? "" : `<rect width="100%" height="100%" fill="${theme.background}"/>`;
  const label = escapeText(inLanguage(spec.title, language));
  const family = escapeText(fontFamily);
  // A canvas's own limit, so that sharp corners are as on the page.
  const look = `font-family="${family}" stroke-miterlimit="10"`;
  const whole = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}" lang="${language}" ${look}>${background}${ctx.markup()}</svg>`;
  return validXml(whole);
}
