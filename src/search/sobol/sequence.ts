import { trialSeed } from "../streams.ts";
import { beginnings } from "./direction-numbers.ts";

/** How many dimensions there are directions for. */
export const dimensions = beginnings.length + 1;

/** The 32 directions of a dimension, from 0, the highest bit first. */
function directionsOf(dimension: number): Uint32Array {
  if (dimension === 0) {
    return Uint32Array.from({ length: 32 }, (_, i) => 1 << (31 - i));
  }
  const [polynomial, m] = beginnings[dimension - 1];
  const degree = m.length;
  const directions = new Uint32Array(32);
  for (let i = 0; i < 32; i++) {
    if (i < degree) {
      directions[i] = m[i] << (31 - i);
      continue;
    }
    let direction = directions[i - degree] ^ (directions[i - degree] >>> degree);
    for (let k = 1; k < degree; k++) {
      if ((polynomial >>> (degree - k)) & 1) {
        direction ^= directions[i - k];
      }
    }
    directions[i] = direction;
  }
  return directions;
}

const computed: Uint32Array[] = [];

/** Coordinate of point `index` of Sobol's sequence as 32 bits after the point, points in Gray-code order, from 0. */
export function sobolBits(index: number, dimension: number): number {
  computed[dimension] ??= directionsOf(dimension);
  const directions = computed[dimension];
  let bits = 0;
  for (let gray = (index ^ (index >>> 1)) >>> 0, i = 0; gray !== 0; gray >>>= 1, i++) {
    if (gray & 1) {
      bits ^= directions[i];
    }
  }
  return bits >>> 0;
}

function reversed(bits: number): number {
  let v = bits;
  v = ((v >>> 1) & 0x55555555) | ((v & 0x55555555) << 1);
  v = ((v >>> 2) & 0x33333333) | ((v & 0x33333333) << 2);
  v = ((v >>> 4) & 0x0f0f0f0f) | ((v & 0x0f0f0f0f) << 4);
  v = ((v >>> 8) & 0x00ff00ff) | ((v & 0x00ff00ff) << 8);
  return ((v >>> 16) | (v << 16)) >>> 0;
}

/**
 * Owen's scrambling by a hash: whether a bit is flipped depends on the bits above it and the seed alone, so that every
 * stratification of the sequence stays. Laine & Karras 2011, Stratified Sampling for Stochastic Transparency, §4.1.
 */
export function scrambled(bits: number, seed: number): number {
  let v = (reversed(bits) + seed) >>> 0;
  for (const factor of [0x6c50b47c, 0xb82f1e52, 0xc7afe638, 0x8d22f6e6]) {
    v ^= Math.imul(v, factor);
  }
  return reversed(v >>> 0);
}

/**
 * Point `index` of Sobol's sequence in one dimension, in [0, 1); scrambled when a seed is given.
 * @param dimension from 0, below `dimensions`
 */
export function sobolPoint(index: number, dimension: number, seed?: number): number {
  const bits = sobolBits(index, dimension);
  return (seed === undefined ? bits : scrambled(bits, trialSeed(seed, dimension, 2))) / 2 ** 32;
}
