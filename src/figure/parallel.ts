import { inLanguage, type Language } from "../core/text.ts";
import { colorOf } from "./colors.ts";
import type { ParallelPanel } from "./figure-spec.ts";
import type { Theme } from "./style.ts";
import { escapeText } from "./surface.ts";
import { pixelWidth } from "./text-width.ts";
import { tickText } from "./tick-text.ts";

const margin = { left: 46, right: 60, top: 30, bottom: 12 };

export function parallelHeight(width: number): number {
  return Math.round(Math.min(360, Math.max(220, width * 0.45)));
}

/** Draws a panel of parallel coordinates: SVG markup of width × {@link parallelHeight}. */
export function drawParallel(
  { axes, lines, colors }: ParallelPanel,
  { language, theme, width }: { language: Language; theme: Theme; width: number },
): string {
  const height = parallelHeight(width);
  const top = margin.top;
  const bottom = height - margin.bottom;
  const step = axes.length > 1 ? (width - margin.left - margin.right) / (axes.length - 1) : 0;
  const xOf = (i: number) => margin.left + i * step;
  const yOf = (value: number, axis: ParallelPanel["axes"][number]) => {
    const share = shareAlong(value, axis);
    return bottom - Math.min(1, Math.max(0, share)) * (bottom - top);
  };
  const drawn = lines.map(({ at, value }) => {
    let path = "";
    let pen = "M";
    axes.forEach((axis, i) => {
      const v = at[i] ?? null;
      if (v === null) {
        pen = "M";
        return;
      }
      path += `${pen}${xOf(i).toFixed(1)},${yOf(v, axis).toFixed(1)}`;
      pen = "L";
    });
    return `<path d="${path}" stroke="${colorOf(colors, value, theme)}"/>`;
  });
  const rails = axes.map((axis, i) => {
    const x = xOf(i);
    const rule = `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${top}" y2="${bottom}" stroke="${theme.ink}" stroke-opacity="0.6"/>`;
    const name = shorten(inLanguage(axis.label, language), step === 0 ? width : step - 6, 11);
    const heading = `<text x="${x.toFixed(1)}" y="${top - 14}" text-anchor="middle" font-weight="700">${escapeText(name)}</text>`;
    const ticks = ticksOf(axis, language).map(([value, label]) => {
      const y = yOf(value, axis);
      // On a background of its own, so that it can be read on top of the lines.
      return `<text x="${(x + 5).toFixed(1)}" y="${(y + 3.5).toFixed(1)}" paint-order="stroke" stroke="${theme.background}" stroke-width="3" stroke-linejoin="round">${escapeText(shorten(label, Math.max(30, step - 10), 10))}</text>`;
    });
    return `${rule}${heading}<g text-anchor="start" font-size="10">${ticks.join("")}</g>`;
  });
  return `<g fill="none" stroke-width="1.1" stroke-opacity="0.75">${drawn.join("")}</g><g fill="${theme.ink}" font-size="11">${rails.join("")}</g>`;
}

/** Where a value lies along an axis, in [0, 1] for those in its domain. */
export function shareAlong(value: number, { domain: [low, high], scale }: ParallelPanel["axes"][number]): number {
  if (low === high) {
    return 0.5;
  }
  return scale === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

function ticksOf(axis: ParallelPanel["axes"][number], language: Language): [number, string][] {
  const { domain, scale, ticks, tickLabels } = axis;
  const [low, high] = domain;
  const middle = scale === "log" ? Math.sqrt(low * high) : (low + high) / 2;
  const at = ticks ?? (low === high ? [low] : [low, middle, high]);
  return at.map((value, i) => [
    value,
    tickLabels === undefined ? tickText(value) : inLanguage(tickLabels[i], language),
  ]);
}

function shorten(name: string, limit: number, size: number): string {
  let text = name;
  while (pixelWidth(text, size) > limit && text.length > 3) {
    text = `${text.slice(0, -2)}…`;
  }
  return text;
}
