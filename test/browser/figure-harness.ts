// What the tests of figures run in the page.
import { drawFigure, placeFigure } from "../../src/figure/drawing/draw-figure.ts";
import { GrowingFigure } from "../../src/figure/drawing/growing-figure.ts";
import type { FigureSpec } from "../../src/figure/figure-spec.ts";
import { themes } from "../../src/figure/style.ts";
import { renderSvg } from "../../src/figure/svg.ts";
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

/** How many pixels of a figure's SVG, as an image, are of no colour that its canvas has within two pixels; or the other way. */
async function strangers(
  spec: FigureSpec,
  language: "en" | "ja",
  themeName: "light" | "dark",
  width: number,
): Promise<number> {
  const { height } = draw(spec, language, themeName, width);
  const canvas = document.querySelector("canvas")!;
  const onCanvas = canvas.getContext("2d")!.getImageData(0, 0, 2 * width, 2 * height).data;
  const image = new Image();
  // The page's policy allows no other address.
  image.src = `data:image/svg+xml,${encodeURIComponent(renderSvg(spec, { language, theme: themeName, width }))}`;
  await image.decode();
  const other = new OffscreenCanvas(2 * width, 2 * height).getContext("2d")!;
  other.drawImage(image, 0, 0, 2 * width, 2 * height);
  const asImage = other.getImageData(0, 0, 2 * width, 2 * height).data;
  return unlike(onCanvas, asImage, 2 * width) + unlike(asImage, onCanvas, 2 * width);
}

/** How many pixels of a picture have none like them within two pixels of the same place in another. */
function unlike(picture: Uint8ClampedArray, other: Uint8ClampedArray, width: number): number {
  const height = picture.length / 4 / width;
  const near = 2;
  const like = (a: number, b: number) => [0, 1, 2].every((k) => Math.abs(picture[4 * a + k] - other[4 * b + k]) < 60);
  let count = 0;
  for (let y = near; y < height - near; y++) {
    for (let x = near; x < width - near; x++) {
      const at = y * width + x;
      let found = like(at, at);
      for (let dy = -near; dy <= near && !found; dy++) {
        for (let dx = -near; dx <= near && !found; dx++) {
          found = like(at, at + dy * width + dx);
        }
      }
      count += found ? 0 : 1;
    }
  }
  return count;
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

/** Four runs that have come to an iteration, measured and smoothed over what is near, with the axes of their end. */
function race(points: number, top = 2.3): FigureSpec {
  const x = Array.from({ length: points }, (_, i) => i);
  const measured = (style: number) =>
    x.map((at) => 2 * Math.exp(-at / (60 + 60 * style)) + 0.1 + 0.1 * Math.sin(at * (1.3 + style)));
  const smoothed = (y: readonly number[]) =>
    y.map((_, i) => {
      const near = y.slice(Math.max(0, i - 5), i + 6);
      return near.reduce((sum, value) => sum + value, 0) / near.length;
    });
  const curves = (role: "raw" | "smooth") =>
    Array.from({ length: 4 }, (_, style) => {
      const y = role === "raw" ? measured(style) : smoothed(measured(style));
      const markEvery = role === "smooth" ? 100 : undefined;
      return { kind: "curve" as const, name: `run ${style}`, style, role, x, y, markEvery };
    });
  return {
    id: "race",
    title: "race",
    columns: 1,
    panels: [
      {
        kind: "plane",
        x: { label: "iterations", domain: [0, 2000] },
        y: { label: "loss", domain: [0, top] },
        namesAtEnds: true,
        layers: [...curves("raw"), ...curves("smooth"), { kind: "rule", axis: "x", at: 2000, label: "finish" }],
      },
    ],
  };
}

function empty(): OffscreenCanvasRenderingContext2D {
  const ctx = new OffscreenCanvas(1200, 1000).getContext("2d", { willReadFrequently: true })!;
  ctx.setTransform(2, 0, 0, 2, 0, 0);
  return ctx;
}

/** Pixels of a side of the squares that two pictures are compared by: single ones differ where dashes begin elsewhere. */
const square = 10;

/** The most by which the mean of a square of one picture is another's in the other, of 255. */
function largestDifference(one: OffscreenCanvasRenderingContext2D, other: OffscreenCanvasRenderingContext2D): number {
  const { width, height } = one.canvas;
  const [a, b] = [one, other].map((ctx) => ctx.getImageData(0, 0, width, height).data);
  const across = width / square;
  const sums = new Float64Array((across * height) / square);
  for (let i = 0; i < a.length; i += 4) {
    const [x, y] = [(i / 4) % width, Math.floor(i / 4 / width)];
    // How dark it is on white.
    const ink = (data: Uint8ClampedArray) => (data[i + 3] / 255) * (255 - (data[i] + data[i + 1] + data[i + 2]) / 3);
    sums[Math.floor(y / square) * across + Math.floor(x / square)] += ink(a) - ink(b);
  }
  return Math.max(...sums.map((sum) => Math.abs(sum) / square ** 2));
}

/**
 * Draws figures one after another as one that grows.
 * @returns which were drawn whole, and how the last differs from one that is drawn alone
 */
function grown(steps: readonly (readonly [points: number, top?: number])[]) {
  const figure = new GrowingFigure();
  let [last, alone] = [empty(), empty()];
  const whole = steps.map(([points, top]) => {
    const places = placeFigure(race(points, top), { language: "en", width: 600 });
    [last, alone] = [empty(), empty()];
    drawFigure(alone, places, themes.light);
    return figure.draw(last, places, themes.light);
  });
  return { whole, difference: largestDifference(last, alone) };
}

/** Milliseconds of drawing and showing a race that has come to its end: whole, and as one that grows; medians. */
async function growTimes(points: number): Promise<number[]> {
  const canvas = document.body.appendChild(document.createElement("canvas"));
  [canvas.width, canvas.height] = [1880, 1120];
  const ctx = canvas.getContext("2d")!;
  const figure = new GrowingFigure();
  const times = { whole: [] as number[], grown: [] as number[] };
  for (let i = 0; i < 80; i++) {
    const places = placeFigure(race(points - 80 + i), { language: "en", width: 940 });
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const began = performance.now();
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    ctx.setTransform(2, 0, 0, 2, 0, 0);
    if (i % 2 === 0) {
      drawFigure(ctx, places, themes.light);
    } else {
      figure.draw(ctx, places, themes.light);
    }
    // A message arrives once the picture is on the screen.
    const { port1, port2 } = new MessageChannel();
    await new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
    (i % 2 === 0 ? times.whole : times.grown).push(performance.now() - began);
  }
  canvas.remove();
  return [times.whole, times.grown].map((list) => list.sort((a, b) => a - b)[list.length >> 1]);
}

Object.assign(globalThis, { harness: { draw, inked, strangers, drawTimes, grown, growTimes, gallery, busy } });
