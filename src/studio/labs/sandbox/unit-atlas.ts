import type { UnitMaps } from "../../../core/snapshot.ts";
import { rgbOf } from "./paint-boundary.ts";

/** The maps of a layer's units one below the other, on one canvas that is used again and again. */
export class UnitAtlas {
  readonly canvas = document.createElement("canvas");
  private readonly context = this.canvas.getContext("2d")!;
  private readonly positive: readonly number[];
  private readonly negative: readonly number[];
  private image: ImageData | null = null;

  /** @param positive, negative colours of outputs above and below 0 */
  constructor(positive: string, negative: string) {
    this.positive = rgbOf(positive);
    this.negative = rgbOf(negative);
  }

  paint({ side, shown, values }: UnitMaps, background: string): void {
    const base = rgbOf(background);
    const image = this.imageOf(side, side * shown);
    for (let unit = 0; unit < shown; unit++) {
      for (let row = 0; row < side; row++) {
        for (let column = 0; column < side; column++) {
          const value = values[(unit * side + row) * side + column] / 127;
          const color = value >= 0 ? this.positive : this.negative;
          // Rows begin at the low end of y.
          const at = 4 * ((unit * side + side - 1 - row) * side + column);
          for (let channel = 0; channel < 3; channel++) {
            image.data[at + channel] = base[channel] + 0.85 * Math.abs(value) * (color[channel] - base[channel]);
          }
          image.data[at + 3] = 255;
        }
      }
    }
    this.context.putImageData(image, 0, 0);
  }

  private imageOf(width: number, height: number): ImageData {
    if (this.image === null || this.image.width !== width || this.image.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.image = this.context.createImageData(width, height);
    }
    return this.image;
  }
}
