import { checkOptions, type OptionNames, oneOf } from "../core/checks.ts";
import { escapeText, validXml } from "../core/printable.ts";
import { inLanguage, type Language, languages } from "../core/text.ts";
import { checkFigure } from "./check-figure.ts";
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

const optionNames: OptionNames<SvgOptions> = {
  language: true,
  theme: true,
  width: true,
  transparent: true,
  idPrefix: true,
};

/**
 * Draws a figure as a standalone SVG: title, legend (colour, dash and marker of each run), panels in a grid. The same spec
 * and options give the same text.
 * @throws HyperError on an unknown option or kind, DataError on lists that do not belong together
 */
export function renderSvg(spec: FigureSpec, options: SvgOptions): string {
  checkOptions("renderSvg", options, optionNames);
  const { language, theme: themeName = "light", width = usualWidth, transparent = false, idPrefix = spec.id } = options;
  oneOf("renderSvg", "language", language, languages);
  oneOf("renderSvg", "theme", themeName, Object.keys(themes));
  checkFigure(spec);
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
