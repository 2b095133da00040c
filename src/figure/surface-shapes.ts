import { inLanguage, type Language } from "../core/text.ts";
import { shareAlong } from "./along.ts";
import type { SurfacePanel } from "./figure-spec.ts";
import { sampled } from "./thin.ts";
import { tickTexts } from "./ticks.ts";

type Point3 = readonly [x: number, y: number, z: number];

/** Columns and rows of cells that a picture can show. */
const mostCells = 150;
/** Height of the box over the width of its base. */
const boxHeight = 0.72;

/** What is drawn of a surface, in pixels. */
export interface SurfaceShapes {
  /** The back edges of the box. */
  readonly edges: readonly { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number }[];
  /** The cells of the grid from far to near; `share` is the height in [0, 1]. */
  readonly cells: readonly { readonly corners: readonly { readonly x: number; readonly y: number }[]; share: number }[];
  /** Names and ticks. */
  readonly words: readonly {
    readonly text: string;
    readonly x: number;
    readonly y: number;
    readonly anchor: "start" | "middle" | "end";
  }[];
}

/** Turns a surface as its azimuth and elevation say and places everything in width × height pixels. */
export function surfaceShapes(
  panel: SurfacePanel,
  { language, width, height }: { language: Language; width: number; height: number },
): SurfaceShapes {
  const grid = sampled(panel.grid, mostCells);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const z of grid.z) {
    if (z !== null && Number.isFinite(z)) {
      low = Math.min(low, z);
      high = Math.max(high, z);
    }
  }
  if (low > high) {
    [low, high] = [0, 1];
  }
  const unit = (value: number, from: number, to: number) =>
    (to > from ? shareAlong(value, { domain: [from, to] }) : 0.5) - 0.5;
  const [x0, x1] = [grid.x[0], grid.x[grid.x.length - 1]];
  const [y0, y1] = [grid.y[0], grid.y[grid.y.length - 1]];
  const project = projection(panel, width, height);
  const at = (x: number, y: number, z: number) =>
    project([unit(x, x0, x1), unit(y, y0, y1), unit(z, low, high) * boxHeight]);

  const cells: { depth: number; corners: { x: number; y: number }[]; share: number }[] = [];
  const columns = grid.x.length;
  for (let j = 0; j + 1 < grid.y.length; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const corners = [
        [i, j],
        [i + 1, j],
        [i + 1, j + 1],
        [i, j + 1],
      ].map(([a, b]) => ({ x: grid.x[a], y: grid.y[b], z: grid.z[b * columns + a] }));
      if (corners.some(({ z }) => z === null || !Number.isFinite(z))) {
        continue;
      }
      const points = corners.map(({ x, y, z }) => at(x, y, z as number));
      const z = corners.reduce((sum, corner) => sum + (corner.z as number) / 4, 0);
      cells.push({
        depth: points.reduce((sum, p) => sum + p.depth, 0),
        corners: points,
        share: unit(z, low, high) + 0.5,
      });
    }
  }
  cells.sort((a, b) => b.depth - a.depth);

  const line = (a: Point3, b: Point3) => {
    const [p, q] = [at(...a), at(...b)];
    return { x1: p.x, y1: p.y, x2: q.x, y2: q.y };
  };
  const edges = [
    line([x0, y0, low], [x1, y0, low]),
    line([x0, y1, low], [x1, y1, low]),
    line([x0, y0, low], [x0, y1, low]),
    line([x1, y0, low], [x1, y1, low]),
    line([x0, y1, low], [x0, y1, high]),
    line([x1, y1, low], [x1, y1, high]),
    line([x0, y0, low], [x0, y0, high]),
    line([x0, y1, high], [x1, y1, high]),
    line([x0, y0, high], [x0, y1, high]),
  ];
  const text = (point: Point3, words: string, dx: number, dy: number, anchor: "start" | "middle" | "end") => {
    const p = at(...point);
    return { text: words, x: p.x + dx, y: p.y + dy, anchor };
  };
  const words = [
    ...ticks(x0, x1).map(([x, told]) => text([x, y0, low], told, -6, 15, "middle")),
    ...ticks(y0, y1).map(([y, told]) => text([x1, y, low], told, 9, y === y0 ? 4 : 10, "start")),
    ...ticks(low, high).map(([z, told]) => text([x0, y0, z], told, -6, 3, "end")),
    text([middle(x0, x1), y0, low], inLanguage(panel.x.label, language), -16, 30, "middle"),
    text([x1, middle(y0, y1), low], inLanguage(panel.y.label, language), 24, 24, "start"),
    text([x0, y0, high], inLanguage(panel.z.label, language), 0, -12, "middle"),
  ];
  return { edges, cells, words };
}

/** Orthographic, as Matplotlib's view_init(elevation, azimuth) turns the box; the unit box fills the panel. */
function projection({ azimuth, elevation }: SurfacePanel, width: number, height: number) {
  const turn = (azimuth * Math.PI) / 180;
  const tilt = (elevation * Math.PI) / 180;
  const size = Math.min(width / 1.62, height / 1.32);
  return ([x, y, z]: Point3) => {
    const right = -x * Math.sin(turn) + y * Math.cos(turn);
    const near = x * Math.cos(turn) + y * Math.sin(turn);
    return {
      x: width / 2 + right * size,
      y: height / 2 - (z * Math.cos(tilt) - near * Math.sin(tilt)) * size,
      depth: -(near * Math.cos(tilt) + z * Math.sin(tilt)),
    };
  };
}

const middle = (a: number, b: number) => a / 2 + b / 2;

/** The ends of an edge and its middle, each with what stands there. */
function ticks(low: number, high: number): [value: number, text: string][] {
  const values = [low, middle(low, high), high];
  const texts = tickTexts(values);
  return values.map((value, i) => [value, texts[i]]);
}
