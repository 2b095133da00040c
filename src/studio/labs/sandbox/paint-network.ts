import type { Boundary, UnitMaps } from "../../../core/snapshot.ts";
import { type PlaneInput, planeRows } from "../../../experiments/sandbox/plane-inputs.ts";
import { classColor, markPath } from "./class-marks.ts";
import type { UnitAtlas } from "./unit-atlas.ts";

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Where the parts of a drawn network lie, in pixels: the middles of its tiles, column by column from the inputs on. */
export interface NetworkPlaces {
  readonly tile: number;
  readonly columns: readonly {
    readonly middle: number;
    /** Tiles that are drawn; the layer may have more. */
    readonly spots: readonly Spot[];
    readonly units: number;
  }[];
}

/** Pixels above the tiles: what changes a layer stands there; and its other layers, in a line more. */
export const headRoom = { plain: 66, more: 82 } as const;
/** Pixels left of the inputs, for their names. */
const nameRoom = 46;
/** Pixels right of the outputs: for half a sign, and for names of a letter or two and longer ones beside it. */
export const endRoom = { bare: 22, short: 36, long: 66 } as const;
const [smallest, largest, gap] = [14, 46, 6];
/** Units that a look at a network shows of a layer. */
const mostShown = 12;

/** Places a network's columns in a box; of layers too wide to be drawn some units. @param units of each column, inputs and outputs included */
export function placeNetwork(
  units: readonly number[],
  { width, height, head, end }: { width: number; height: number; head: number; end: number },
): NetworkPlaces {
  const room = Math.max(smallest, height - head - 18);
  const shown = units.map((count) => Math.max(1, Math.min(count, mostShown, Math.floor(room / (smallest + gap)))));
  const step = (width - nameRoom - end) / Math.max(1, units.length - 1);
  const most = Math.max(...shown);
  const tile = Math.floor(Math.max(smallest, Math.min(largest, room / most - gap, 0.42 * step)));
  return {
    tile,
    columns: units.map((count, column) => {
      const middle = Math.round(nameRoom + (column === 0 ? tile / 2 : column * step));
      const between = Math.min(tile + 3 * gap, room / shown[column]);
      const top = head + (room - between * shown[column]) / 2;
      const spots = Array.from({ length: shown[column] }, (_, i) => ({ x: middle, y: top + (i + 0.5) * between }));
      return { middle, spots, units: count };
    }),
  };
}

export interface NetworkLook {
  readonly boundary: Boundary | null;
  /** What the inputs are over the plane ({@link inputMaps}); null where the data are no plane. */
  readonly inputs: UnitMaps | null;
  readonly classes: number;
  readonly colors: { readonly ink: string; readonly background: string; readonly line: string };
  readonly positive: string;
  readonly negative: string;
}

/** The maps of the plane's inputs, of one unit each, as {@link UnitAtlas} paints them. */
export function inputMaps(names: readonly PlaneInput[]): UnitMaps {
  const side = 15;
  const points = new Float32Array(2 * side * side);
  for (let i = 0; i < side * side; i++) {
    points[2 * i] = -1.6 + (3.2 * (i % side)) / (side - 1);
    points[2 * i + 1] = -1.6 + (3.2 * Math.floor(i / side)) / (side - 1);
  }
  const rows = planeRows(points, names);
  const values = new Int8Array(names.length * side * side);
  names.forEach((_, j) => {
    const own = Array.from({ length: side * side }, (_, i) => rows[i * names.length + j]);
    const most = Math.max(...own.map(Math.abs));
    own.forEach((value, i) => {
      values[j * side * side + i] = Math.round((127 * value) / most);
    });
  });
  return {
    layer: "inputs",
    shown: names.length,
    units: names.length,
    side,
    values,
    inputs: 0,
    weights: new Float32Array(),
  };
}

/** Draws a network: its weights as lines, the stronger the thicker, and each unit as what it answers over the plane. */
export function paintNetwork(
  ctx: CanvasRenderingContext2D,
  places: NetworkPlaces,
  look: NetworkLook,
  atlas: UnitAtlas,
): void {
  const { columns } = places;
  const { boundary } = look;
  // A look at a network of another shape says nothing of this one.
  const hidden = columns.slice(1, -1);
  const fits = boundary !== null && boundary.units.length <= hidden.length;
  const maps = (column: number): UnitMaps | null => {
    const found = fits ? (boundary?.units[column - 1] ?? null) : null;
    return found !== null && found.units === columns[column]?.units ? found : null;
  };
  for (let column = 1; column < columns.length; column++) {
    const last = column === columns.length - 1;
    const outputs = boundary?.outputs ?? null;
    const seen = last
      ? outputs !== null && outputs.shown === columns[column].units && hidden.every((_, i) => maps(i + 1) !== null)
        ? outputs
        : null
      : maps(column);
    paintLinks(ctx, places, column, { seen, look });
  }
  if (look.inputs !== null) {
    paintTiles(ctx, places, 0, { maps: look.inputs, look, atlas });
  } else {
    paintDots(ctx, places, 0, look);
  }
  for (let column = 1; column < columns.length - 1; column++) {
    const found = maps(column);
    if (found === null) {
      paintDots(ctx, places, column, look);
    } else {
      paintTiles(ctx, places, column, { maps: found, look, atlas });
    }
  }
  const { spots } = columns[columns.length - 1];
  spots.forEach(({ x, y }, label) => {
    ctx.fillStyle = columns[columns.length - 1].units === 1 ? look.colors.ink : classColor(label);
    ctx.fill(markPath(label, x, y, Math.min(8, places.tile / 2.4)));
  });
  for (const { spots: drawn, units, middle } of columns) {
    const more = units - drawn.length;
    if (more > 0) {
      ctx.fillStyle = look.colors.ink;
      ctx.textAlign = "center";
      ctx.fillText(`+${more}`, middle, (drawn.at(-1)?.y ?? 0) + places.tile / 2 + 9);
    }
  }
}

function paintLinks(
  ctx: CanvasRenderingContext2D,
  { columns, tile }: NetworkPlaces,
  column: number,
  { seen, look }: { readonly seen: Pick<UnitMaps, "inputs" | "shown" | "weights"> | null; readonly look: NetworkLook },
): void {
  const [from, to] = [columns[column - 1].spots, columns[column].spots];
  const most = seen === null ? 1 : seen.weights.reduce((high, weight) => Math.max(high, Math.abs(weight)), 1e-9);
  const half = tile / 2;
  from.forEach((start, i) => {
    to.forEach((end, j) => {
      const known = seen !== null && i < seen.inputs && j < seen.shown;
      const share = known ? seen.weights[i * seen.shown + j] / most : 0;
      if (known && Math.abs(share) < 0.04) {
        return;
      }
      ctx.globalAlpha = known ? 0.18 + 0.7 * Math.abs(share) : 0.35;
      ctx.strokeStyle = known ? (share > 0 ? look.positive : look.negative) : look.colors.line;
      ctx.lineWidth = known ? 0.5 + 3.4 * Math.abs(share) : 0.6;
      const [x1, x2] = [start.x + half, end.x - half];
      ctx.beginPath();
      ctx.moveTo(x1, start.y);
      ctx.bezierCurveTo((x1 + x2) / 2, start.y, (x1 + x2) / 2, end.y, x2, end.y);
      ctx.stroke();
    });
  });
  ctx.globalAlpha = 1;
}

function paintTiles(
  ctx: CanvasRenderingContext2D,
  { columns, tile }: NetworkPlaces,
  column: number,
  { maps, look, atlas }: { readonly maps: UnitMaps; readonly look: NetworkLook; readonly atlas: UnitAtlas },
): void {
  const { side } = maps;
  const { background, line } = look.colors;
  atlas.paint(maps, background);
  columns[column].spots.slice(0, maps.shown).forEach(({ x, y }, unit) => {
    const [left, top] = [Math.round(x - tile / 2), Math.round(y - tile / 2)];
    ctx.drawImage(atlas.canvas, 0, unit * side, side, side, left, top, tile, tile);
    ctx.lineWidth = 1;
    ctx.strokeStyle = line;
    ctx.strokeRect(left + 0.5, top + 0.5, tile - 1, tile - 1);
  });
}

function paintDots(
  ctx: CanvasRenderingContext2D,
  { columns, tile }: NetworkPlaces,
  column: number,
  look: NetworkLook,
): void {
  for (const { x, y } of columns[column].spots) {
    ctx.fillStyle = look.colors.background;
    ctx.strokeStyle = look.colors.line;
    ctx.lineWidth = 1.2;
    ctx.beginPath();
    ctx.roundRect(x - tile / 2, y - tile / 2, tile, tile, 4);
    ctx.fill();
    ctx.stroke();
  }
}
