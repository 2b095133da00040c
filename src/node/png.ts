import { Resvg } from "@resvg/resvg-js";
import type { Language } from "../core/text.ts";
import type { FigureSpec } from "../figure/figure-spec.ts";
import type { ThemeName } from "../figure/style.ts";
import { renderSvg } from "../figure/svg.ts";
import { newDocument } from "./document.ts";
import { shippedFamily, shippedFonts } from "./fonts.ts";

export interface PngOptions {
  readonly language: Language;
  readonly theme?: ThemeName;
  /** Pixels of the drawing; the image has twice as many. */
  readonly width?: number;
}

/**
 * Draws a figure as PNG, twice as dense as its SVG. Where the shipped font is missing, Japanese would come out as empty
 * boxes: then it is drawn in English, and `note` says so.
 */
export function renderPng(spec: FigureSpec, options: PngOptions): { png: Uint8Array; note?: string } {
  const fontFiles = shippedFonts();
  const language = fontFiles.length === 0 ? "en" : options.language;
  const svg = renderSvg(spec, { ...options, language, document: newDocument() });
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: 2 },
    font: { fontFiles, loadSystemFonts: fontFiles.length === 0, defaultFontFamily: shippedFamily },
  });
  const png = image.render().asPng();
  return language === options.language
    ? { png }
    : { png, note: "figure.png: 日本語フォントが見つからないため、英語で描きました。npm install で補えます。" };
}
