import type { Language } from "../../core/text.ts";
import { colorOf } from "../colors.ts";
import type { ParallelPanel } from "../figure-spec.ts";
import type { PanelBox } from "../layout.ts";
import { parallelShapes } from "../parallel-shapes.ts";
import type { Theme } from "../style.ts";
import { type Context, drawLine, drawWords, fontOf } from "./pencil.ts";

/** Draws parallel coordinates: the lines, then the axes with their names and ticks above them. */
export function drawParallelPanel(
  ctx: Context,
  panel: ParallelPanel,
  box: PanelBox,
  { theme, language }: { theme: Theme; language: Language },
): void {
  const { top, bottom, lines, rails } = parallelShapes(panel, box.width, language);
  ctx.save();
  ctx.translate(box.x, box.top);
  ctx.setLineDash([]);
  ctx.lineWidth = 1.1;
  ctx.globalAlpha = 0.75;
  for (const { points, value } of lines) {
    ctx.strokeStyle = colorOf(panel.colors, value, theme);
    ctx.beginPath();
    let down = false;
    for (const point of points) {
      if (point !== null) {
        if (down) {
          ctx.lineTo(point[0], point[1]);
        } else {
          ctx.moveTo(point[0], point[1]);
        }
      }
      down = point !== null;
    }
    ctx.stroke();
  }
  for (const { x, name, ticks } of rails) {
    ctx.globalAlpha = 0.6;
    ctx.lineWidth = 1;
    ctx.strokeStyle = theme.ink;
    drawLine(ctx, x, top, x, bottom);
    ctx.globalAlpha = 1;
    drawWords(ctx, name, { x, y: top - 14, size: 11, weight: 700, anchor: "middle", color: theme.ink });
    for (const { y, label } of ticks) {
      // On a background of its own, so that it can be read on top of the lines.
      ctx.font = fontOf(10);
      ctx.textAlign = "left";
      ctx.lineJoin = "round";
      ctx.lineWidth = 3;
      ctx.strokeStyle = theme.background;
      ctx.strokeText(label, x + 5, y + 3.5);
      drawWords(ctx, label, { x: x + 5, y: y + 3.5, size: 10, color: theme.ink });
    }
  }
  ctx.restore();
}
