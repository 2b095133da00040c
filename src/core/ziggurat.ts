import { exp, log } from "./elementary.ts";
import type { RandomStream } from "./random.ts";

const layers = 128;
/** Where the lowest layer becomes the tail, and the area of each layer: those of 128. */
const tail = 3.442619855899;
const area = 9.91256303526217e-3;

const density = (x: number) => exp(-0.5 * x * x);

/** Half the width of each layer, from the lowest up; the lowest is as wide as its area, tail included, would make it. */
const widths = new Float64Array(layers + 1);
widths[0] = area / density(tail);
widths[1] = tail;
for (let i = 1; i < layers - 1; i++) {
  widths[i + 1] = Math.sqrt(-2 * log(area / widths[i] + density(widths[i])));
}
const heights = widths.map(density);

/**
 * A draw from the standard normal distribution in a fraction of the time of {@link RandomStream.normal}, for what needs many
 * and not NumPy's: one 32-bit number of the stream in 97 of 100 cases. The density is covered by layers of one area; a point
 * within the layer above lies under it, and only the others are asked about.
 * Marsaglia & Tsang 2000, The Ziggurat Method for Generating Random Variables; layer and place have bits of their own, after
 * Doornik 2005, An Improved Ziggurat Method. The same bits in every engine.
 */
export function zigguratNormal(stream: RandomStream): number {
  for (;;) {
    const bits = stream.uint32();
    const layer = bits & (layers - 1);
    // Of 2²⁵ places, none of them 0.
    const x = (((bits >>> 7) - 16777215.5) / 16777216) * widths[layer];
    if (Math.abs(x) < widths[layer + 1]) {
      return x;
    }
    if (layer === 0) {
      return x < 0 ? -beyondTail(stream) : beyondTail(stream);
    }
    const [low, high] = [heights[layer], heights[layer + 1]];
    if (low + (high - low) * stream.double() < density(x)) {
      return x;
    }
  }
}

/** Marsaglia 1964, Generating a Variable from the Tail of the Normal Distribution. */
function beyondTail(stream: RandomStream): number {
  for (;;) {
    const x = -log(1 - stream.double()) / tail;
    if (-2 * log(1 - stream.double()) > x * x) {
      return tail + x;
    }
  }
}
