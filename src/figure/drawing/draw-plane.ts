import { largestOf } from "../../core/long-lists.ts";
import { inLanguage, type Language, type Text } from "../../core/text.ts";
import { axisName } from "../axis-scale.ts";
import { legible } from "../colors.ts";
import { endNameSize, endNames } from "../end-names.ts";
import type { Layer } from "../figure-spec.ts";
import { placeOdd } from "../odd-signs.ts";
import { oddMarks } from "../odd-values.ts";
import { tickTurn } from "../plane-frame.ts";
import { runStyle, type Theme } from "../style.ts";
import { pixelWidth } from "../text-width.ts";
import type { Tick } from "../ticks.ts";
import { clipped, drawLayer, drawMarks } from "./draw-layer.ts";
import { type Context, drawLine, drawOddSign, drawWords } from "./pencil.ts";
import type { PlanePlace } from "./plane-place.ts";

/** How a panel is drawn. */
export interface Look {
  readonly theme: Theme;
  readonly language: Language;
}

/** Draws one panel: grid, frame, layers, marks, axes, in that order. */
export function drawPlanePanel(ctx: Context, place: PlanePlace, look: Look): void {
  drawGround(ctx, place, look, place.panel.layers);
  drawAbove(ctx, place, look);
}

/** A panel's grid and frame, and layers in its plotting area. */
export function drawGround(ctx: Context, place: PlanePlace, look: Look, layers: readonly Layer[]): void {
  const { left, right, top, bottom, x, y } = place;
  const { theme, language } = look;
  ctx.setLineDash([]);
  ctx.lineWidth = 1;
  ctx.strokeStyle = theme.faint;
  ctx.beginPath();
  for (const { value } of x.ticks) {
    const at = x.at(value);
    ctx.moveTo(at, top);
    ctx.lineTo(at, bottom);
  }
  for (const { value } of y.ticks) {
    const at = y.at(value);
    ctx.moveTo(left, at);
    ctx.lineTo(right, at);
  }
  ctx.rect(left, top, right - left, bottom - top);
  ctx.stroke();

  const say = (text: Text) => inLanguage(text, language);
  clipped(ctx, place, () => {
    for (const layer of layers) {
      drawLayer(ctx, layer, place, theme, say);
    }
  });
}

/** What stands over a panel's layers: their marks and names, and the axes. */
export function drawAbove(ctx: Context, place: PlanePlace, look: Look): void {
  const { panel, top, bottom, x, y } = place;
  const { theme, language } = look;
  for (const layer of panel.layers) {
    drawMarks(ctx, layer, place, theme);
  }
  for (const { mark, words, ...at } of placeOdd(oddMarks(panel), place)) {
    const { color } = runStyle(mark.style);
    drawOddSign(ctx, mark.kind, { ...at, color, background: theme.background });
    if (words !== null && mark.text !== undefined) {
      const name = { ...words, size: 11, weight: 700, color: legible(color, theme) };
      drawWords(ctx, inLanguage(mark.text, language), name);
    }
  }
  const names = endNames(panel, { language, x, y, top, bottom, right: place.box.x + place.box.width });
  for (const { text, color, ...at } of names) {
    drawWords(ctx, text, { ...at, size: endNameSize, weight: 700, color: legible(color, theme) });
  }
  drawAxes(ctx, place, look);
}

function drawAxes(ctx: Context, place: PlanePlace, { theme, language }: Look): void {
  const { panel, margins, left, right, top, bottom, x, y } = place;
  const words = { size: 11, color: theme.ink };
  ctx.setLineDash([]);
  ctx.lineWidth = 1;
  ctx.strokeStyle = theme.ink;
  for (const { value, label } of x.ticks) {
    const at = x.at(value);
    drawLine(ctx, at, bottom, at, bottom + 6);
    if (margins.turned) {
      ctx.save();
      ctx.translate(at, bottom + 9);
      ctx.rotate(-tickTurn);
      drawWords(ctx, label, { ...words, x: 0, y: 0.32 * 11, anchor: "end" });
      ctx.restore();
    } else {
      drawWords(ctx, label, { ...words, x: at, y: bottom + 9 + 0.71 * 11, anchor: "middle" });
    }
  }
  const [nameX, nameY] = [axisName(panel.x, language), axisName(panel.y, language)];
  const besideName = Math.max(50, margins.left - 8);
  const size = tickSize(y.ticks, nameY === "" ? margins.left - 10 : besideName - 13);
  for (const { value, label } of y.ticks) {
    const at = y.at(value);
    drawLine(ctx, left - 6, at, left, at);
    drawWords(ctx, label, { ...words, size, x: left - 9, y: at + 0.32 * size, anchor: "end" });
  }
  if (nameX !== "") {
    const offset = Math.max(36, margins.bottom - 6);
    drawWords(ctx, nameX, { ...words, x: (left + right) / 2, y: bottom + offset, anchor: "middle" });
  }
  if (nameY !== "") {
    const room = { from: place.box.top, to: bottom + margins.bottom, middle: (top + bottom) / 2 };
    const { size, middle } = upright(nameY, room);
    ctx.save();
    ctx.translate(left - besideName, middle);
    ctx.rotate(-Math.PI / 2);
    drawWords(ctx, nameY, { ...words, size, x: 0, y: 0.71 * 11, anchor: "middle" });
    ctx.restore();
  }
}

/** How large numbers beside an axis are written, so that the longest of them has room: 1,000,000 reached into the axis's name. */
function tickSize(ticks: readonly Tick[], room: number): number {
  const widest = largestOf(ticks.map(({ label }) => pixelWidth(label, 11)));
  return Math.min(11, Math.max(7, (11 * room) / widest));
}

/**
 * How an upright name stands whole between two heights of its panel: beside the middle of its axis where it can, smaller
 * where there is no room.
 */
export function upright(
  name: string,
  { from, to, middle }: { readonly from: number; readonly to: number; readonly middle: number },
): { readonly size: number; readonly middle: number } {
  const size = Math.max(6, Math.min(11, (to - from) / pixelWidth(name, 1)));
  const half = pixelWidth(name, size) / 2;
  return { size, middle: Math.max(from + half, Math.min(to - half, middle)) };
}
