import { DataError } from "../../core/errors.ts";
import type { Language } from "../../core/text.ts";
import { drawFigure, placeFigure } from "../../figure/drawing/draw-figure.ts";
import type { FigureSpec } from "../../figure/figure-spec.ts";
import { usualWidth } from "../../figure/layout.ts";
import { themes } from "../../figure/style.ts";

/** Pixels of the image a pixel of the drawing, as from the command line. */
const density = 2;

/** Draws a figure as PNG, in the page's own faces. @throws DataError when the browser gives no picture */
export async function figurePng(spec: FigureSpec, language: Language): Promise<Blob> {
  const theme = themes.light;
  const width = usualWidth;
  const places = placeFigure(spec, { language, width });
  const canvas = document.createElement("canvas");
  canvas.width = density * width;
  canvas.height = density * places.height;
  const ctx = canvas.getContext("2d")!;
  ctx.scale(density, density);
  const draw = () => {
    ctx.fillStyle = theme.background;
    ctx.fillRect(0, 0, width, places.height);
    drawFigure(ctx, places, theme);
  };
  draw();
  // A face is asked for when it is first drawn with.
  if (document.fonts.status === "loading") {
    await document.fonts.ready;
    draw();
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) =>
        blob === null
          ? reject(
              new DataError({
                en: "The browser gave no picture. Save the SVG instead.",
                ja: "ブラウザーが画像を作れませんでした。SVG で保存してください。",
              }),
            )
          : resolve(blob),
      "image/png",
    );
  });
}
