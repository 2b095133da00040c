import { wholeNumber } from "./checks.ts";
import { log } from "./elementary.ts";
import { HyperError } from "./errors.ts";
import type { FloatArray } from "./tensor.ts";

const N = 624;
const M = 397;
const MATRIX = 0x9908b0df;
const UPPER = 0x80000000;
const LOWER = 0x7fffffff;

/** A position in the stream: plain data, so that it can be sent to a worker or kept in a checkpoint. */
export interface RandomState {
  /** the generator's 624 words */
  readonly words: Uint32Array;
  /** next word to hand out; 624 when all are used */
  readonly next: number;
  /** the half of a normal pair that is kept for the next call; null when none is */
  readonly spare: number | null;
}

/**
 * NumPy's legacy random stream: the numbers of `np.random.seed(seed)`, in the order they are asked for.
 *
 * MT19937 (Matsumoto & Nishimura 1998) for the bits, Marsaglia's polar method (Marsaglia & Bray 1964) for normals, masked
 * rejection for integers.
 */
export class RandomStream {
  private readonly words: Uint32Array;
  private next: number;
  private spare: number | null;

  private constructor(words: Uint32Array, next: number, spare: number | null) {
    this.words = words;
    this.next = next;
    this.spare = spare;
  }

  /**
   * The stream of `seed`, a whole number in [0, 2³²).
   * @throws HyperError
   */
  static seeded(seed: number): RandomStream {
    wholeNumber("random stream", "seed", seed, { min: 0, max: 0xffffffff });
    const words = new Uint32Array(N);
    words[0] = seed;
    for (let i = 1; i < N; i++) {
      const previous = words[i - 1] ^ (words[i - 1] >>> 30);
      words[i] = Math.imul(1812433253, previous) + i;
    }
    return new RandomStream(words, N, null);
  }

  /** The stream at a saved position; the state is copied. @throws HyperError when no stream can be there */
  static restored(state: RandomState): RandomStream {
    const { words, next, spare } = state;
    const whole =
      words instanceof Uint32Array && words.length === N && Number.isInteger(next) && next >= 0 && next <= N;
    // From nothing but zeros the generator makes zeros for ever.
    if (!whole || !words.some((word, i) => (i === 0 ? word & UPPER : word) !== 0) || Number.isNaN(spare ?? 0)) {
      throw new HyperError({
        en: "random stream: a saved position must be as saved() gave it, got another. Give that one.",
        ja: "random stream: 保存された位置として読めません。saved() の結果をそのまま使ってください。",
      });
    }
    return new RandomStream(state.words.slice(), state.next, state.spare);
  }

  /** This position, to be restored later. */
  saved(): RandomState {
    return { words: this.words.slice(), next: this.next, spare: this.spare };
  }

  /** The next 32 bits. */
  uint32(): number {
    if (this.next === N) {
      this.refill();
    }
    let y = this.words[this.next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** A double in [0, 1), of 53 random bits. */
  double(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** A double in [low, high); the bounds may be any numbers. */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.double();
  }

  /** A draw from the standard normal distribution. */
  normal(): number {
    if (this.spare !== null) {
      const value = this.spare;
      this.spare = null;
      return value;
    }
    const { x, y, square } = this.inDisc();
    const factor = Math.sqrt((-2 * log(square)) / square);
    this.spare = factor * x;
    return factor * y;
  }

  /** A point drawn from the unit disc without its centre: Marsaglia's polar method makes two normals of it. */
  private inDisc(): { x: number; y: number; square: number } {
    for (;;) {
      const x = 2 * this.double() - 1;
      const y = 2 * this.double() - 1;
      const square = x * x + y * y;
      if (square < 1 && square > 0) {
        return { x, y, square };
      }
    }
  }

  /** out[i] = scale · normal, in order. */
  fillNormal(out: FloatArray, scale: number): void {
    for (let i = 0; i < out.length; i++) {
      out[i] = scale * this.normal();
    }
  }

  /** out[i] = uniform in [0, 1), in order. */
  fillDouble(out: FloatArray): void {
    for (let i = 0; i < out.length; i++) {
      out[i] = this.double();
    }
  }

  /** Moves past `count` normals without keeping them. @throws HyperError when it is no count */
  skipNormals(count: number): void {
    wholeNumber("skipNormals", "count", count, { min: 0, max: mostSkipped });
    let left = count;
    if (left > 0 && this.spare !== null) {
      this.spare = null;
      left--;
    }
    // Two at a time, without computing them.
    for (; left >= 2; left -= 2) {
      this.inDisc();
    }
    if (left === 1) {
      this.normal();
    }
  }

  /** Moves past `count` doubles. @throws HyperError when it is no count */
  skipDoubles(count: number): void {
    wholeNumber("skipDoubles", "count", count, { min: 0, max: mostSkipped });
    for (let i = 0; i < 2 * count; i++) {
      this.uint32();
    }
  }

  /**
   * Fills `out` with whole numbers in [0, n), each drawn independently (with replacement).
   * @throws HyperError when n is no whole number in [1, 2³¹], those that `out` can hold
   */
  choice(n: number, out: Int32Array): void {
    wholeNumber("choice", "n", n, { min: 1, max: largest });
    const mask = maskFor(n - 1);
    for (let i = 0; i < out.length; i++) {
      out[i] = this.bounded(n - 1, mask);
    }
  }

  /**
   * The numbers 0 … n−1 in random order (Fisher–Yates from the last place down); none when n is 0.
   * @throws HyperError when n is no whole number in [0, 2²⁸]
   */
  permutation(n: number): Int32Array {
    wholeNumber("permutation", "n", n, { min: 0, max: mostShuffled });
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.bounded(i, maskFor(i));
      const kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }

  /** A whole number in [0, max]; NumPy draws nothing when only 0 is possible. */
  private bounded(max: number, mask: number): number {
    if (max === 0) {
      return 0;
    }
    let value: number;
    do {
      value = (this.uint32() & mask) >>> 0;
    } while (value > max);
    return value;
  }

  private refill(): void {
    const s = this.words;
    let i = 0;
    for (; i < N - M; i++) {
      s[i] = s[i + M] ^ twisted(s[i], s[i + 1]);
    }
    for (; i < N - 1; i++) {
      s[i] = s[i + M - N] ^ twisted(s[i], s[i + 1]);
    }
    s[N - 1] = s[M - 1] ^ twisted(s[N - 1], s[0]);
    this.next = 0;
  }
}

/** Without a condition, which would be mispredicted at random. */
function twisted(upper: number, lower: number): number {
  const y = (upper & UPPER) | (lower & LOWER);
  return (y >>> 1) ^ (-(y & 1) & MATRIX);
}

/** How many different numbers ≥ 0 there are in an Int32Array. */
const largest = 2 ** 31;

/** More would take hours, and memory that few have: most likely a mistake. */
const mostSkipped = 2 ** 32;
const mostShuffled = 2 ** 28;

/** The smallest all-ones mask that covers `max`. */
function maskFor(max: number): number {
  return max === 0 ? 0 : 0xffffffff >>> Math.clz32(max);
}
