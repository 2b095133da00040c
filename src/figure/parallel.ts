import type { Language } from "../core/text.ts";
import { colorOf } from "./colors.ts";
import type { ParallelPanel } from "./figure-spec.ts";
import { parallelShapes } from "./parallel-shapes.ts";
import type { Theme } from "./style.ts";
import { escapeText } from "./svg-words.ts";

/** Draws a panel of parallel coordinates: SVG markup of width × `parallelHeight`. */
export function drawParallel(
  panel: ParallelPanel,
  { language, theme, width }: { language: Language; theme: Theme; width: number },
): string {
  const { top, bottom, lines, rails } = parallelShapes(panel, width, language);
  const drawn = lines.map(({ points, value }) => {
    let path = "";
    let pen = "M";
    for (const point of points) {
      path += point === null ? "" : `${pen}${point[0].toFixed(1)},${point[1].toFixed(1)}`;
      pen = point === null ? "M" : "L";
    }
    return `<path d="${path}" stroke="${colorOf(panel.colors, value, theme)}"/>`;
  });
  const axes = rails.map(({ x, name, ticks }) => {
    const rule = `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${top}" y2="${bottom}" stroke="${theme.ink}" stroke-opacity="0.6"/>`;
    const heading = `<text x="${x.toFixed(1)}" y="${top - 14}" text-anchor="middle" font-weight="700">${escapeText(name)}</text>`;
    // On a background of its own, so that it can be read on top of the lines.
    const labels = ticks.map(
      ({ y, label }) =>
        `<text x="${(x + 5).toFixed(1)}" y="${(y + 3.5).toFixed(1)}" paint-order="stroke" stroke="${theme.background}" stroke-width="3" stroke-linejoin="round">${escapeText(label)}</text>`,
    );
    return `${rule}${heading}<g text-anchor="start" font-size="10">${labels.join("")}</g>`;
  });
  return `<g fill="none" stroke-width="1.1" stroke-opacity="0.75">${drawn.join("")}</g><g fill="${theme.ink}" font-size="11">${axes.join("")}</g>`;
}
