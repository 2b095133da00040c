import type { Boundary } from "../../../core/snapshot.ts";
import { above, below, classColor } from "./class-marks.ts";

/** Pixels of the picture's side: between the grid's points the probabilities are interpolated. */
const size = 180;

/** `#rrggbb` or `rgb(r, g, b)` as numbers. */
export function rgbOf(color: string): readonly [number, number, number] {
  if (color.startsWith("#")) {
    const value = Number.parseInt(color.slice(1, 7), 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
  }
  const [r = 255, g = 255, b = 255] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return [r, g, b];
}

const [high, low] = [rgbOf(above), rgbOf(below)];

/** The colour of a number in its range, over a background: from 0 at the low end to 1 at the high one. */
export function valueColor(share: number, base: readonly number[]): readonly [number, number, number] {
  const color = share >= 0.5 ? high : low;
  const strength = 0.9 * Math.abs(2 * share - 1);
  const mixed = (channel: number) => base[channel] + strength * (color[channel] - base[channel]);
  return [mixed(0), mixed(1), mixed(2)];
}

/** A picture that is painted again and again: its memory is taken once. */
export class BoundaryPicture {
  readonly canvas = document.createElement("canvas");
  private readonly context: CanvasRenderingContext2D;
  private readonly image: ImageData;
  private readonly winners = new Uint8Array(size * size);

  constructor() {
    this.canvas.width = size;
    this.canvas.height = size;
    this.context = this.canvas.getContext("2d")!;
    this.image = this.context.createImageData(size, size);
  }

  /**
   * Paints what the network says of the plane: each class's colour, the stronger the surer, and a line where the most
   * likely class changes; of a number its height as a colour.
   */
  paint(boundary: Boundary, background: string, ink: string): void {
    if (boundary.range === undefined) {
      this.paintField(boundary, rgbOf(background));
      this.paintLine(rgbOf(ink));
    } else {
      this.paintHeights(boundary, rgbOf(background));
    }
    this.context.putImageData(this.image, 0, 0);
  }

  private paintField(boundary: Boundary, base: readonly number[]): void {
    const { classes } = boundary;
    const { data } = this.image;
    const colors = Array.from({ length: classes }, (_, label) => rgbOf(classColor(label)));
    const field = new Float32Array(classes);
    for (let py = 0; py < size; py++) {
      for (let px = 0; px < size; px++) {
        sample(boundary, px / (size - 1), 1 - py / (size - 1), field);
        let winner = 0;
        for (let label = 1; label < classes; label++) {
          winner = field[label] > field[winner] ? label : winner;
        }
        this.winners[py * size + px] = winner;
        // At even odds a hint of colour is left, so that the picture is never empty.
        const sure = (field[winner] / 255 - 1 / classes) / (1 - 1 / classes);
        const strength = 0.1 + 0.38 * Math.max(0, sure);
        const at = 4 * (py * size + px);
        for (let channel = 0; channel < 3; channel++) {
          let mixed = 0;
          for (let label = 0; label < classes; label++) {
            mixed += (field[label] / 255) * colors[label][channel];
          }
          data[at + channel] = base[channel] + strength * (mixed - base[channel]);
        }
        data[at + 3] = 255;
      }
    }
  }

  private paintHeights(boundary: Boundary, base: readonly number[]): void {
    const { data } = this.image;
    const colors = Array.from({ length: 256 }, (_, level) => valueColor(level / 255, base));
    const height = new Float32Array(1);
    for (let py = 0; py < size; py++) {
      for (let px = 0; px < size; px++) {
        sample(boundary, px / (size - 1), 1 - py / (size - 1), height);
        const at = 4 * (py * size + px);
        data.set(colors[Math.round(height[0])], at);
        data[at + 3] = 255;
      }
    }
  }

  private paintLine(line: readonly number[]): void {
    const { winners } = this;
    const { data } = this.image;
    for (let py = 0; py < size - 1; py++) {
      for (let px = 0; px < size - 1; px++) {
        const here = winners[py * size + px];
        if (here !== winners[py * size + px + 1] || here !== winners[(py + 1) * size + px]) {
          const at = 4 * (py * size + px);
          for (let channel = 0; channel < 3; channel++) {
            data[at + channel] += 0.75 * (line[channel] - data[at + channel]);
          }
        }
      }
    }
  }
}

/** The probabilities at a place, each share from 0 (low end) to 1, between the four points about it. */
function sample({ columns, rows, classes, probabilities }: Boundary, x: number, y: number, out: Float32Array): void {
  const fx = x * (columns - 1);
  const fy = y * (rows - 1);
  const i = Math.min(columns - 2, Math.floor(fx));
  const j = Math.min(rows - 2, Math.floor(fy));
  const [u, v] = [fx - i, fy - j];
  const at = (j * columns + i) * classes;
  const below = at + columns * classes;
  for (let label = 0; label < classes; label++) {
    const low = (1 - u) * probabilities[at + label] + u * probabilities[at + classes + label];
    const high = (1 - u) * probabilities[below + label] + u * probabilities[below + classes + label];
    out[label] = (1 - v) * low + v * high;
  }
}
