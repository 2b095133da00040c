import type { Language } from "../../core/text.ts";
import { mix } from "../colors.ts";
import type { SurfacePanel } from "../figure-spec.ts";
import type { PanelBox } from "../layout.ts";
import type { Theme } from "../style.ts";
import { surfaceShapes } from "../surface-shapes.ts";
import { type Context, drawLine, drawWords } from "./pencil.ts";

/** Draws a wireframe: the box's back edges, the cells from far to near, names and ticks. */
export function drawSurfacePanel(
  ctx: Context,
  panel: SurfacePanel,
  box: PanelBox,
  { theme, language }: { theme: Theme; language: Language },
): void {
  const { edges, cells, words } = surfaceShapes(panel, { language, width: box.width, height: box.height });
  ctx.save();
  ctx.translate(box.x, box.top);
  ctx.setLineDash([]);
  ctx.lineWidth = 1;
  ctx.strokeStyle = theme.faint;
  for (const { x1, y1, x2, y2 } of edges) {
    drawLine(ctx, x1, y1, x2, y2);
  }
  ctx.lineWidth = 0.9;
  ctx.fillStyle = theme.background;
  for (const { corners, share } of cells) {
    ctx.beginPath();
    ctx.moveTo(corners[0].x, corners[0].y);
    for (let i = 1; i < corners.length; i++) {
      ctx.lineTo(corners[i].x, corners[i].y);
    }
    ctx.closePath();
    ctx.fill();
    ctx.strokeStyle = mix(theme.low, theme.high, share);
    ctx.stroke();
  }
  for (const { text, x, y, anchor } of words) {
    drawWords(ctx, text, { x, y, size: 11, anchor, color: theme.ink });
  }
  ctx.restore();
}
