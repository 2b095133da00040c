import type { Dtype } from "./tensor.ts";

/**
 * Numbers of a size below this are 0 to an update rule: a thousand times the smallest normal number of the dtype (2⁻¹²⁶, 2⁻¹⁰²²).
 *
 * Below the smallest normal number a processor may need a hundred times as long for an operation, and state that decays
 * (m, v, h of a weight without a gradient) would stay there for ever. The thousand more keeps what a rule makes of its
 * state in one step, (1 − β₂)·v with β₂ = 0.999 for instance, out of there too. See docs/decisions/0017.
 */
export const tiny: Readonly<Record<Dtype, number>> = { float32: 2 ** -116, float64: 2 ** -1012 };

/** The power of two below which a base is taken for 0, so that no power of it is tiny. */
export function tinyBase(dtype: Dtype, exponent: number): number {
  return 2 ** Math.ceil(Math.log2(tiny[dtype]) / exponent);
}

/** x, or 0 where |x| < bound; NaN stays. */
export function flushed(x: number, bound: number): number {
  return Math.abs(x) < bound ? 0 : x;
}
