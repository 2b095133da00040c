import { checkOptions } from "../../core/checks.ts";
import type { Language } from "../../core/text.ts";
import type { FigureSpec } from "../../figure/figure-spec.ts";
import type { ThemeName } from "../../figure/style.ts";
import { japaneseFonts } from "./fonts.ts";
import { Renderer } from "./renderer.ts";

export interface PngOptions {
  readonly language: Language;
  readonly theme?: ThemeName;
  /** Pixels of the drawing; the image has twice as many. */
  readonly width?: number;
  /** Pixels of the image a pixel of the drawing; 2 when absent. */
  readonly density?: number;
}

/** The language a PNG is drawn in: where the shipped font is missing, Japanese would come out as empty boxes. */
export function pngLanguage(language: Language): Language {
  return japaneseFonts().length === 0 ? "en" : language;
}

/** Said where {@link pngLanguage} is another than what was asked for. */
export const pngNote = "figure.png: 日本語フォントが見つからないため、英語で描きました。npm install で補えます。";

let shared: Renderer | undefined;

/**
 * Draws a figure as PNG, twice as dense as its SVG, in a process of its own that is kept for the next one: whatever becomes
 * of it, the caller goes on. Where the shipped font is missing it is drawn in English, and `note` says so.
 * @throws RenderError when the figure cannot be drawn, or the renderer has died, hung or is missing
 */
export async function renderPng(spec: FigureSpec, options: PngOptions): Promise<{ png: Uint8Array; note?: string }> {
  checkOptions("renderPng", options, { language: true, theme: true, width: true, density: true });
  shared ??= new Renderer();
  const language = pngLanguage(options.language);
  const svg = await shared.svg(spec, { theme: options.theme, width: options.width, language });
  const png = await shared.png(svg, options.density);
  return language === options.language ? { png } : { png, note: pngNote };
}
