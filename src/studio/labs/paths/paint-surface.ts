import { runStyle } from "../../../figure/style.ts";
import type { PlaneFunction } from "../../../formula/expression.ts";
import { type Heights, shareOf } from "./heights.ts";
import { marker } from "./marker.ts";
import type { DrawnPath } from "./paint-paths.ts";
import type { Palette } from "./palette.ts";

/** Where one looks from, in degrees: azimuth around the height's axis, elevation over the floor. */
export interface View {
  readonly azimuth: number;
  readonly elevation: number;
}

export interface SurfaceLook {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly view: View;
  readonly heights: Heights;
  readonly palette: Palette;
}

/** Height of the box over the width of its base. */
const boxHeight = 0.62;
/** Cells of the mesh, each way. */
const cells = 40;
/** Points of a path that are drawn; longer paths leave out what lies between. */
const mostPoints = 400;

interface Placed {
  readonly x: number;
  readonly y: number;
  /** Larger is nearer. */
  readonly depth: number;
}

/** From the box, -½ … ½ each way, to the canvas; orthographic. */
function camera({ width, height, view }: SurfaceLook): (x: number, y: number, z: number) => Placed {
  const turn = (view.azimuth * Math.PI) / 180;
  const tilt = (view.elevation * Math.PI) / 180;
  // The box's diagonal at every turn, its depth and height at this tilt, and room for the letters.
  const size = Math.min(width / 1.46, (height - 30) / (1.42 * Math.sin(tilt) + boxHeight * Math.cos(tilt)));
  return (x, y, z) => {
    const right = -x * Math.sin(turn) + y * Math.cos(turn);
    const near = x * Math.cos(turn) + y * Math.sin(turn);
    return {
      x: width / 2 + right * size,
      y: height / 2 - (z * Math.cos(tilt) - near * Math.sin(tilt)) * size,
      depth: near * Math.cos(tilt) + z * Math.sin(tilt),
    };
  };
}

/** A height's place in the box. */
function lift(heights: Heights, z: number): number {
  return (shareOf(heights, z) - 0.5) * boxHeight;
}

/** Draws the surface alone, far to near, so that hills hide what is behind them. Returns a canvas of that size. */
export function paintSurface(look: SurfaceLook & { readonly ratio: number }): HTMLCanvasElement {
  const { heights, palette, ratio } = look;
  const { columns, rows, z } = heights;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(look.width * ratio);
  canvas.height = Math.round(look.height * ratio);
  const context = canvas.getContext("2d")!;
  context.scale(ratio, ratio);
  const project = camera(look);
  const corners = Array.from({ length: (cells + 1) ** 2 }, (_, k) => {
    const [i, j] = [k % (cells + 1), Math.floor(k / (cells + 1))];
    const height = z[Math.round((j * (rows - 1)) / cells) * columns + Math.round((i * (columns - 1)) / cells)];
    return Number.isFinite(height)
      ? { ...project(i / cells - 0.5, j / cells - 0.5, lift(heights, height)), share: shareOf(heights, height) }
      : null;
  });
  const quads = Array.from({ length: cells ** 2 }, (_, k) => {
    const at = Math.floor(k / cells) * (cells + 1) + (k % cells);
    return [corners[at], corners[at + 1], corners[at + cells + 2], corners[at + cells + 1]];
  }).filter((quad) => quad.every((corner) => corner !== null));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const depths = new Map(quads.map((quad) => [quad, mean(quad.map(({ depth }) => depth))]));
  quads.sort((a, b) => depths.get(a)! - depths.get(b)!);
  context.strokeStyle = palette.dark ? "rgb(200 215 235 / 22%)" : "rgb(50 70 95 / 22%)";
  context.lineWidth = 0.7;
  for (const quad of quads) {
    const share = mean(quad.map((corner) => corner.share));
    const [red, green, blue] = palette.low.map((low, n) => Math.round(low + (palette.high[n] - low) * share));
    context.fillStyle = `rgb(${red} ${green} ${blue})`;
    context.beginPath();
    for (const { x, y } of quad) {
      context.lineTo(x, y);
    }
    context.closePath();
    context.fill();
    context.stroke();
  }
  letters(context, project, palette);
  return canvas;
}

/** Which way x and y run, at the nearer of the box's lower edges. */
function letters(
  context: CanvasRenderingContext2D,
  project: (x: number, y: number, z: number) => Placed,
  palette: Palette,
): void {
  context.fillStyle = palette.muted;
  context.font = "italic 14px Georgia, serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  const floor = -boxHeight / 2;
  const sides = {
    x: [project(0, -0.56, floor), project(0, 0.56, floor)],
    y: [project(-0.56, 0, floor), project(0.56, 0, floor)],
  };
  for (const [text, [a, b]] of Object.entries(sides)) {
    const nearer = a.depth > b.depth ? a : b;
    context.fillText(text, nearer.x, nearer.y + 6);
  }
}

/** Draws the paths over the surface; what a hill hides shows through, faintly. */
export function paintOnSurface(
  context: CanvasRenderingContext2D,
  look: SurfaceLook & { readonly value: PlaneFunction; readonly paths: readonly DrawnPath[] },
): void {
  const { heights, palette, paths, value } = look;
  const project = camera(look);
  const hidden = hiding(look);
  const unit = (position: number, [low, high]: readonly [number, number]) => (position - low) / (high - low) - 0.5;
  for (const { points, step, style, focused } of paths) {
    const { color, marker: shape } = runStyle(style);
    const stride = Math.max(1, Math.ceil(step / mostPoints));
    context.strokeStyle = color;
    context.lineWidth = focused ? 3 : 2;
    let before: (Placed & { readonly seen: boolean }) | null = null;
    for (let i = 0; i <= step; i = i < step ? Math.min(step, i + stride) : step + 1) {
      const [x, y] = [unit(points[2 * i], heights.x), unit(points[2 * i + 1], heights.y)];
      const z = lift(heights, value(points[2 * i], points[2 * i + 1]));
      if (Math.abs(x) > 0.5 || Math.abs(y) > 0.5 || !Number.isFinite(z)) {
        before = null;
        continue;
      }
      const here: Placed & { readonly seen: boolean } = { ...project(x, y, z), seen: !hidden(x, y, z) };
      if (before !== null) {
        context.globalAlpha = before.seen || here.seen ? 1 : 0.3;
        context.beginPath();
        context.moveTo(before.x, before.y);
        context.lineTo(here.x, here.y);
        context.stroke();
      }
      if (i === step) {
        context.globalAlpha = here.seen ? 1 : 0.45;
        marker(context, shape, here.x, here.y, focused ? 6 : 4.5, { color, halo: palette.surface });
      }
      before = here;
    }
  }
  context.globalAlpha = 1;
}

/** Whether the surface stands between a point of the box and the eye: looks along the ray, a cell at a time. */
function hiding({ heights, view }: SurfaceLook): (x: number, y: number, z: number) => boolean {
  const { columns, rows, z: grid } = heights;
  const turn = (view.azimuth * Math.PI) / 180;
  const step = 1 / cells;
  const [dx, dy] = [step * Math.cos(turn), step * Math.sin(turn)];
  const rise = step * Math.tan((view.elevation * Math.PI) / 180);
  return (x, y, z) => {
    for (let k = 1; k < 2 * cells; k++) {
      const [a, b, ray] = [x + k * dx, y + k * dy, z + k * rise];
      if (Math.abs(a) > 0.5 || Math.abs(b) > 0.5 || ray > boxHeight / 2) {
        return false;
      }
      const height = grid[Math.round((b + 0.5) * (rows - 1)) * columns + Math.round((a + 0.5) * (columns - 1))];
      // A little room, or a point would be hidden by the very cell it lies on.
      if (lift(heights, height) > ray + 0.012) {
        return true;
      }
    }
    return false;
  };
}
