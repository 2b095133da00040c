import { clipSegment } from "./clip.ts";
import { displayWidth } from "./text-width.ts";

/** Bits of a braille cell's dots: [row][column]. */
const bits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];

/** How far a line is followed outside of the area, in its widths and heights: on a few dots it bends as it does inside. */
const margin = 0.05;

/** A plotting area of braille cells, 2 × 4 dots each; a cell has the colour of what was drawn in it last. */
export class BrailleCanvas {
  private readonly width: number;
  private readonly height: number;
  private readonly dots: Uint8Array;
  private readonly colors: Uint8Array;
  /** Characters that stand in cells instead of dots. */
  private readonly signs = new Map<number, string>();

  /** @param width, height in cells */
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.dots = new Uint8Array(width * height);
    this.colors = new Uint8Array(width * height);
  }

  /** Joins points given as shares of the area, [0, 0] at the lower left; null is a gap, what lies outside is left out. */
  polyline(points: readonly ([x: number, y: number] | null)[], color: number): void {
    let before: [number, number] | null = null;
    for (const point of points) {
      if (point !== null) {
        const [x, y] = before ?? point;
        const seen = clipSegment([x, y, point[0], point[1]], margin);
        if (seen !== null) {
          this.segment(this.dotAt(seen[0], seen[1]), this.dotAt(seen[2], seen[3]), color);
        }
      }
      before = point;
    }
  }

  /** Puts a character in the cell at a share of the area, over what is drawn there. */
  sign(x: number, y: number, character: string, color: number): void {
    const cell = this.cellAt(x, y);
    this.signs.set(cell, character);
    this.colors[cell] = color;
  }

  /** As {@link sign}, unless a character stands there already. */
  letter([x, y]: readonly [x: number, y: number], character: string, color: number): boolean {
    const free = !this.signs.has(this.cellAt(x, y));
    if (free) {
      this.sign(x, y, character, color);
    }
    return free;
  }

  /** Writes words right of the cell at a share of the area, as far as there is room. */
  words([x, y]: readonly [x: number, y: number], text: string, color: number): void {
    const from = this.cellAt(x, y) + 1;
    const end = from - (from % this.width) + this.width;
    let cell = from;
    for (const character of from % this.width === 0 ? "" : text) {
      if (cell + displayWidth(character) > end) {
        return;
      }
      this.signs.set(cell, character);
      this.colors[cell] = color;
      if (displayWidth(character) === 2) {
        this.signs.set(cell + 1, "");
        this.colors[cell + 1] = color;
      }
      cell += displayWidth(character);
    }
  }

  private cellAt(x: number, y: number): number {
    const column = Math.min(this.width - 1, Math.max(0, Math.round(x * (this.width - 1))));
    const row = Math.min(this.height - 1, Math.max(0, Math.round((1 - y) * (this.height - 1))));
    return row * this.width + column;
  }

  private dotAt(x: number, y: number): [number, number] {
    return [x * (2 * this.width - 1), (1 - y) * (4 * this.height - 1)];
  }

  /** Fills the rectangle between two corners, given as shares of the area; at least one dot each way. */
  rectangle(from: [x: number, y: number] | null, to: [x: number, y: number] | null, color: number): void {
    if (from === null || to === null) {
      return;
    }
    const at = ([x, y]: [number, number]) =>
      [x * (2 * this.width - 1), (1 - y) * (4 * this.height - 1)].map(Math.round);
    const [[x0, y0], [x1, y1]] = [at(from), at(to)];
    for (let y = Math.max(0, Math.min(y0, y1)); y <= Math.min(4 * this.height - 1, Math.max(y0, y1)); y++) {
      for (let x = Math.max(0, Math.min(x0, x1)); x <= Math.min(2 * this.width - 1, Math.max(x0, x1)); x++) {
        this.dot(x, y, color);
      }
    }
  }

  lines(colored: boolean): string[] {
    return Array.from({ length: this.height }, (_, row) => {
      let line = "";
      let current = 0;
      for (let column = 0; column < this.width; column++) {
        const at = row * this.width + column;
        const sign = this.signs.get(at);
        const empty = this.dots[at] === 0 && sign === undefined;
        const color = empty ? current : this.colors[at];
        if (colored && color !== current) {
          line += `\u001b[${color}m`;
          current = color;
        }
        line += empty ? " " : (sign ?? String.fromCodePoint(0x2800 + this.dots[at]));
      }
      return current === 0 ? line.trimEnd() : `${line.trimEnd()}\u001b[0m`;
    });
  }

  private segment([x0, y0]: [number, number], [x1, y1]: [number, number], color: number): void {
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
    for (let i = 0; i <= steps; i++) {
      this.dot(Math.round(x0 + ((x1 - x0) * i) / steps), Math.round(y0 + ((y1 - y0) * i) / steps), color);
    }
  }

  private dot(x: number, y: number, color: number): void {
    if (x >= 0 && x < 2 * this.width && y >= 0 && y < 4 * this.height) {
      const at = (y >> 2) * this.width + (x >> 1);
      this.dots[at] |= bits[y & 3][x & 1];
      this.colors[at] = color;
    }
  }
}
