/** Where a schedule's luck comes from: one small stream for each purpose, so that leaving one event out moves no other. */
export class Chance {
  private state: number;

  /** @param seed whole  @param purpose another stream of the same seed */
  constructor(seed: number, purpose: string) {
    let state = (seed ^ Math.floor(seed / 2 ** 32)) | 0;
    for (let i = 0; i < purpose.length; i++) {
      state = Math.imul(state ^ purpose.charCodeAt(i), 0x01000193) ^ (state >>> 15);
    }
    this.state = state;
    this.next();
    this.next();
  }

  /** In [0, 1). Mulberry32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number in [low, high]. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** True once in so many. */
  one(inSoMany: number): boolean {
    return this.next() * inSoMany < 1;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(0, items.length - 1)];
  }
}
