import type { Language } from "../core/text.ts";
import { mix } from "./colors.ts";
import type { SurfacePanel } from "./figure-spec.ts";
import type { Theme } from "./style.ts";
import { surfaceShapes } from "./surface-shapes.ts";
import { escapeText } from "./svg-words.ts";

/**
 * Draws z = f(x, y) as a wireframe: the box's back edges and ticks, then the grid's cells from far to near, each filled
 * with the background so that it hides what is behind it. Returns SVG markup of width × height.
 */
export function drawSurface(
  panel: SurfacePanel,
  { language, theme, width, height }: { language: Language; theme: Theme; width: number; height: number },
): string {
  const { edges, cells, words } = surfaceShapes(panel, { language, width, height });
  const floor = edges.map(
    ({ x1, y1, x2, y2 }) =>
      `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${theme.faint}"/>`,
  );
  const polygons = cells.map(({ corners, share }) => {
    const points = corners.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
    const stroke = mix(theme.low, theme.high, share);
    return `<polygon points="${points}" fill="${theme.background}" stroke="${stroke}" stroke-width="0.9"/>`;
  });
  const labels = words.map(
    ({ text, x, y, anchor }) =>
      `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${theme.ink}" font-size="11">${escapeText(text)}</text>`,
  );
  return `<g>${floor.join("")}${polygons.join("")}${labels.join("")}</g>`;
}
