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

interface Item {
  readonly depth: number;
  readonly draw: () => void;
}

/** Height of the box over the width of its base. */
const boxHeight = 0.62;
/** Cells of the mesh, each way. */
const cells = 40;
/** Segments of a path that are drawn one by one; longer paths leave out what lies between. */
const mostSegments = 400;

/** Draws the surface and the paths on it, far to near, so that hills hide what is behind them. */
export function paintSurface(
  context: CanvasRenderingContext2D,
  look: {
    readonly width: number;
    readonly height: number;
    readonly view: View;
    readonly heights: Heights;
    readonly value: PlaneFunction;
    readonly paths: readonly DrawnPath[];
    readonly palette: Palette;
  },
): void {
  const { width, height, view, heights, value, paths, palette } = look;
  const project = camera(view, width, height);
  const place = (x: number, y: number, z: number) =>
    project(unit(x, heights.x), unit(y, heights.y), (shareOf(heights, z) - 0.5) * boxHeight);
  const items: Item[] = [...mesh(context, heights, place, palette)];
  for (const path of paths) {
    items.push(...segments(context, path, heights, value, place, palette));
  }
  items.sort((a, b) => a.depth - b.depth);
  for (const { draw } of items) {
    draw();
  }
  // What a hill hides shows through, faintly.
  context.globalAlpha = 0.3;
  for (const path of paths) {
    for (const { draw } of segments(context, path, heights, value, place, palette)) {
      draw();
    }
  }
  context.globalAlpha = 1;
  letters(context, heights, place, palette);
}

type Placed = { readonly x: number; readonly y: number; readonly depth: number };
type Place = (x: number, y: number, z: number) => Placed;

function unit(value: number, [low, high]: readonly [number, number]): number {
  return (value - low) / (high - low) - 0.5;
}

/** Orthographic. Larger depth is nearer. */
function camera({ azimuth, elevation }: View, width: number, height: number) {
  const turn = (azimuth * Math.PI) / 180;
  const tilt = (elevation * Math.PI) / 180;
  const size = Math.min(width / 1.5, height / 1.25);
  return (x: number, y: number, z: number): Placed => {
    const right = -x * Math.sin(turn) + y * Math.cos(turn);
    const near = x * Math.cos(turn) + y * Math.sin(turn);
    return {
      x: width / 2 + right * size,
      y: height / 2 - (z * Math.cos(tilt) - near * Math.sin(tilt)) * size,
      depth: near * Math.cos(tilt) + z * Math.sin(tilt),
    };
  };
}

/** Which way x and y run, at the box's lower edges. */
function letters(context: CanvasRenderingContext2D, { x, y, low }: Heights, place: Place, palette: Palette): void {
  const middle = ([from, to]: readonly [number, number]) => (from + to) / 2;
  const beyond = ([from, to]: readonly [number, number], share: number) => from + share * (to - from);
  context.fillStyle = palette.muted;
  context.font = "italic 14px Georgia, serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  const sides = [
    { text: "x", at: place(middle(x), beyond(y, -0.06), low) },
    { text: "x", at: place(middle(x), beyond(y, 1.06), low) },
    { text: "y", at: place(beyond(x, -0.06), middle(y), low) },
    { text: "y", at: place(beyond(x, 1.06), middle(y), low) },
  ];
  for (const pair of [sides.slice(0, 2), sides.slice(2)]) {
    const nearer = pair[0].at.depth > pair[1].at.depth ? pair[0] : pair[1];
    context.fillText(nearer.text, nearer.at.x, nearer.at.y + 6);
  }
}

function* mesh(context: CanvasRenderingContext2D, heights: Heights, place: Place, palette: Palette): Generator<Item> {
  const { columns, rows, z, x, y } = heights;
  const at = (i: number, count: number) => Math.round((i * (count - 1)) / cells);
  const corner = (i: number, j: number) => {
    const [column, row] = [at(i, columns), at(j, rows)];
    const height = z[row * columns + column];
    const across = x[0] + ((x[1] - x[0]) * column) / (columns - 1);
    const up = y[0] + ((y[1] - y[0]) * row) / (rows - 1);
    return Number.isFinite(height) ? { ...place(across, up, height), share: shareOf(heights, height) } : null;
  };
  const corners = Array.from({ length: (cells + 1) ** 2 }, (_, k) =>
    corner(k % (cells + 1), Math.floor(k / (cells + 1))),
  );
  const edge = palette.dark ? "rgb(200 215 235 / 22%)" : "rgb(50 70 95 / 22%)";
  for (let j = 0; j < cells; j++) {
    for (let i = 0; i < cells; i++) {
      const k = j * (cells + 1) + i;
      const [a, b, c, d] = [corners[k], corners[k + 1], corners[k + cells + 2], corners[k + cells + 1]];
      if (a === null || b === null || c === null || d === null) {
        continue;
      }
      const share = (a.share + b.share + c.share + d.share) / 4;
      const [red, green, blue] = palette.low.map((low, n) => Math.round(low + (palette.high[n] - low) * share));
      yield {
        depth: (a.depth + b.depth + c.depth + d.depth) / 4,
        draw: () => {
          context.beginPath();
          context.moveTo(a.x, a.y);
          context.lineTo(b.x, b.y);
          context.lineTo(c.x, c.y);
          context.lineTo(d.x, d.y);
          context.closePath();
          context.fillStyle = `rgb(${red} ${green} ${blue})`;
          context.fill();
          context.strokeStyle = edge;
          context.lineWidth = 0.7;
          context.stroke();
        },
      };
    }
  }
}

function* segments(
  context: CanvasRenderingContext2D,
  path: DrawnPath,
  heights: Heights,
  value: PlaneFunction,
  place: Place,
  palette: Palette,
): Generator<Item> {
  const { points, step } = path;
  const { color, marker: shape } = runStyle(path.style);
  const inside = (x: number, y: number) =>
    x >= heights.x[0] && x <= heights.x[1] && y >= heights.y[0] && y <= heights.y[1];
  const stride = Math.max(1, Math.ceil(step / mostSegments));
  let before: Placed | null = null;
  for (let i = 0; i <= step; i = i < step ? Math.min(step, i + stride) : step + 1) {
    const [x, y] = [points[2 * i], points[2 * i + 1]];
    const height = value(x, y);
    if (!inside(x, y) || !Number.isFinite(height)) {
      before = null;
      continue;
    }
    const here = place(x, y, height);
    const from = before;
    if (from !== null) {
      yield {
        // A little nearer than the cell it lies on.
        depth: (from.depth + here.depth) / 2 + 0.05,
        draw: () => {
          context.beginPath();
          context.moveTo(from.x, from.y);
          context.lineTo(here.x, here.y);
          context.strokeStyle = color;
          context.lineWidth = path.focused ? 3 : 2;
          context.stroke();
        },
      };
    }
    if (i === step) {
      yield {
        depth: here.depth + 0.06,
        draw: () => marker(context, shape, here.x, here.y, path.focused ? 6 : 4.5, { color, halo: palette.surface }),
      };
    }
    before = here;
  }
}
