import type { Theme } from "./style.ts";

/** One line of text as SVG markup. */
export function words(
  text: string,
  at: { x: number; y: number; size: number; weight: number; theme: Theme; anchor?: "start" | "middle" | "end" },
): string {
  const { x, y, size, weight, theme, anchor = "start" } = at;
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${theme.ink}">${escapeText(text)}</text>`;
}

/** A text as it stands in markup. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
