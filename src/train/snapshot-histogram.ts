import type { ValueHistogram } from "../core/snapshot.ts";
import type { FloatArray } from "../core/tensor.ts";

/**
 * Counts values in bins of one width. Without a range it is that of the values, zeros left out (a ReLU's zeros would stand
 * above all else); values outside a given range count in the bin at its end.
 */
export function histogramOf(
  values: FloatArray,
  bins: number,
  range: readonly [low: number, high: number] | undefined = undefined,
): ValueHistogram {
  const [low, high] = range ?? rangeOf(values);
  const factor = high > low ? bins / (high - low) : 0;
  return { low, high, total: values.length, ...tally(values, bins, (value) => (value - low) * factor) };
}

/** Counts log₁₀|value| in bins of one width over a range; smaller and larger values count in the bins at its ends. */
export function logMagnitudes(
  values: FloatArray,
  bins: number,
  [low, high]: readonly [low: number, high: number],
): ValueHistogram {
  const factor = bins / (high - low);
  const place = (value: number) => (Math.log10(Math.abs(value)) - low) * factor;
  return { low, high, total: values.length, ...tally(values, bins, place) };
}

/** Counts what is neither 0 nor lost, by its place in bins. A function of its own: decision 0034. */
function tally(
  values: FloatArray,
  bins: number,
  place: (value: number) => number,
): Pick<ValueHistogram, "counts" | "zeros" | "notFinite"> {
  const counts = new Uint32Array(bins);
  let zeros = 0;
  let notFinite = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === 0) {
      zeros++;
    } else if (value - value !== 0) {
      notFinite++;
    } else {
      counts[binOf(place(value), bins)]++;
    }
  }
  return { counts, zeros, notFinite };
}

function binOf(place: number, bins: number): number {
  return place <= 0 ? 0 : place >= bins ? bins - 1 : Math.floor(place);
}

/** The least and the largest of the finite values that are not 0; [0, 1] when there are none. */
function rangeOf(values: FloatArray): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== 0 && value - value === 0) {
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
  }
  return low > high ? [0, 1] : low === high ? [low - 0.5, low + 0.5] : [low, high];
}
