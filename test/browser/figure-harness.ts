// What the tests of figures run in the page.
import { drawFigure, placeFigure } from "../../src/figure/canvas/draw-figure.ts";
import type { FigureSpec } from "../../src/figure/figure-spec.ts";
import { themes } from "../../src/figure/style.ts";
import { gallery } from "../figures/gallery.ts";

interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly panels: readonly { readonly left: number; readonly top: number; readonly width: number; height: number }[];
}

/** Draws a figure in the page's canvas, two pixels a unit. */
function draw(spec: FigureSpec, language: "en" | "ja", themeName: "light" | "dark", width: number): Drawn {
  const canvas = document.querySelector("canvas") ?? document.body.appendChild(document.createElement("canvas"));
  const theme = themes[themeName];
  const places = placeFigure(spec, { language, width });
  canvas.width = 2 * width;
  canvas.height = 2 * places.height;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${places.height}px`;
  const ctx = canvas.getContext("2d", { willReadFrequently: true })!;
  ctx.fillStyle = theme.background;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.setTransform(2, 0, 0, 2, 0, 0);
  drawFigure(ctx, places, theme);
  return {
    width,
    height: places.height,
    panels: places.boxes.map(({ x, top, width: w, height }, i) => {
      const plane = places.planes[i];
      return plane === null
        ? { left: x, top, width: w, height }
        : { left: plane.left, top: plane.top, width: plane.right - plane.left, height: plane.bottom - plane.top };
    }),
  };
}

/** The share of a rectangle's pixels that differ from the background. */
function inked({ left, top, width, height }: Drawn["panels"][number], background: string): number {
  const ctx = document.querySelector("canvas")!.getContext("2d")!;
  const { data } = ctx.getImageData(2 * left, 2 * top, 2 * width, 2 * height);
  const channels = [1, 3, 5].map((at) => Number.parseInt(background.slice(at, at + 2), 16));
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    count += channels.some((channel, k) => Math.abs(data[i + k] - channel) > 12) ? 1 : 0;
  }
  return (4 * count) / data.length;
}

/** Eight runs of 2,000 iterations, measured and smoothed, as the largest live figure of the chapter. */
function busy(points: number): FigureSpec {
  const x = Array.from({ length: points }, (_, i) => i);
  return {
    id: "busy",
    title: "busy",
    columns: 1,
    panels: [
      {
        kind: "plane",
        x: { label: "iterations" },
        y: { label: "loss", domain: [0, 2] },
        layers: Array.from({ length: 8 }, (_, style) => ({
          kind: "curve" as const,
          name: `run ${style}`,
          style,
          role: "smooth" as const,
          x,
          y: x.map((at) => Math.exp(-at / 600) + 0.2 * Math.sin(at * (1 + style)) ** 2 + 0.1 * style),
          markEvery: Math.round(points / 20),
        })),
      },
    ],
  };
}

/** Milliseconds of each of some draws of the busy figure, fastest first. */
function drawTimes(points: number, times: number): number[] {
  const spec = busy(points);
  const canvas = document.createElement("canvas");
  canvas.width = 1440;
  canvas.height = 900;
  const ctx = canvas.getContext("2d")!;
  ctx.setTransform(2, 0, 0, 2, 0, 0);
  return Array.from({ length: times }, () => {
    const began = performance.now();
    ctx.clearRect(0, 0, 720, 450);
    drawFigure(ctx, placeFigure(spec, { language: "en", width: 720 }), themes.light);
    return performance.now() - began;
  }).sort((a, b) => a - b);
}

Object.assign(globalThis, { harness: { draw, inked, drawTimes, gallery, busy } });
