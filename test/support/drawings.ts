import { expect } from "vitest";
import { drawFigure, placeFigure } from "../../src/figure/drawing/draw-figure.ts";
import type { FigureSpec, Layer } from "../../src/figure/figure-spec.ts";
import { themes } from "../../src/figure/style.ts";
import { renderSvg } from "../../src/figure/svg.ts";
import { renderTerminal } from "../../src/figure/terminal.ts";
import { strictCanvas } from "./strict-canvas.ts";

export const svg = (figure: FigureSpec, width = 320) => renderSvg(figure, { language: "en", width });
export const terminal = (figure: FigureSpec) =>
  renderTerminal(figure, { language: "en", columns: 60, rows: 8, color: false });

export const plane = (layers: Layer[], y: { domain?: [number, number]; scale?: "log" } = {}): FigureSpec => ({
  id: "f",
  title: "t",
  columns: 1,
  panels: [{ kind: "plane", x: { label: "x" }, y: { label: "loss", ...y }, layers }],
});
export const curve = (y: (number | null)[], x = y.map((_, i) => i)): Layer => ({
  kind: "curve",
  name: "a",
  style: 0,
  role: "line",
  x,
  y,
});

/** The curve's path as numbers, pieces apart. */
export function pathOf(markup: string): string {
  return /<g clip-path=[^>]*><path d="([^"]*)"/.exec(markup)?.[1] ?? "";
}

/** So many points are a small drawing, quickly made, in every layer, as SVG, on a canvas and in the terminal. */
export function manyPoints(n: number): void {
  const x = Array.from({ length: n }, (_, i) => i);
  const noise = x.map((i) => Math.sin(i * 12.9898) * 43758.5453 - Math.floor(Math.sin(i * 12.9898) * 43758.5453));
  noise[Math.floor(0.777_777 * n)] = 9;
  const layers: Layer[] = [
    { ...(curve(noise, x) as Extract<Layer, { kind: "curve" }>), markEvery: 3 },
    { kind: "path", name: "p", style: 1, x, y: noise },
    { kind: "band", style: 2, x, low: noise, high: noise.map((y) => y + 1) },
    { kind: "bars", style: 3, edges: [...x, n], counts: noise },
    { kind: "points", style: 4, x, y: noise, value: noise },
    { kind: "spans", style: 5, low: x, high: x.map((at) => at + 1), y: noise, height: 0.1 },
    { kind: "curve", name: "lost", style: 6, role: "line", x, y: noise.map(() => Number.NaN) },
  ];
  for (const layer of layers) {
    drawFigure(strictCanvas(), placeFigure(plane([layer]), { language: "en", width: 860 }), themes.light);
    const markup = svg(plane([layer]), 860);
    expect(markup.length, layer.kind).toBeLessThan(["curve", "band", "bars"].includes(layer.kind) ? 6e5 : 4e6);
    terminal(plane([layer]));
  }
  // The one peak is seen.
  const peaked = plane([layers[0]], { domain: [0, 10] });
  const [place] = placeFigure(peaked, { language: "en", width: 860 }).planes;
  const heights = [...pathOf(svg(peaked, 860)).matchAll(/,(\d+)/g)].map(([, y]) => Number(y));
  expect(heights.filter((y) => y < place!.y.at(8))).toHaveLength(1);
  const side = Math.floor(Math.sqrt(n));
  const at = Array.from({ length: side }, (_, i) => i);
  const field = { x: at, y: at, z: noise.slice(0, side * side) };
  const colors = { label: "", domain: [0, 1] as [number, number] };
  expect(svg(plane([{ kind: "heat", grid: field, colors }])).length).toBeLessThan(3e7);
  expect(svg(plane([{ kind: "contour", grid: field, levels: [0.5] }])).length).toBeLessThan(3e7);
}
