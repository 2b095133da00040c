import { oneOf } from "../core/checks.ts";
import { RandomStream } from "../core/random.ts";

/** MurmurHash3's finaliser: every bit of the input reaches every bit of the output. */
function mixed(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * The 32-bit seed of one purpose of one trial: a hash of (study's seed, trial's number, purpose).
 *
 * seed' = mix(mix(mix(seed + φ) + number) + purpose), additions modulo 2³², mix = MurmurHash3's finaliser, a bijection;
 * φ = 0x9e3779b9 keeps seed 0 from staying 0. Two numbers below 2³² of one study never share a seed.
 */
export function trialSeed(studySeed: number, number: number, purpose: number): number {
  return mixed(mixed(mixed(studySeed + 0x9e3779b9) + number) + purpose);
}

/** What a trial's randomness is used for; each has a stream of its own. */
export const purposes = { sampler: 0, objective: 1 } as const;

/** The stream of one purpose of one trial. */
export function trialStream(studySeed: number, number: number, purpose: keyof typeof purposes): RandomStream {
  oneOf("trial stream", "purpose", purpose, Object.keys(purposes));
  return RandomStream.seeded(trialSeed(studySeed, number, purposes[purpose]));
}
