/**
 * What took long to start, kept for the next test that needs one of its kind, whichever file that is in: files that one
 * process of Vitest runs share its modules. No more are kept than `most`; the one that waited longest is let go.
 */
export class Spare<T> {
  readonly #most: number;
  readonly #end: (one: T) => void;
  #waiting: { readonly kind: string; readonly one: T }[] = [];

  /** @param options.end lets one go that is not needed */
  constructor(options: { readonly most: number; readonly end: (one: T) => void }) {
    this.#most = options.most;
    this.#end = options.end;
  }

  /** Takes one of the kind away, the last that was used; none waits: undefined. */
  take(kind: string): T | undefined {
    const at = this.#waiting.findLastIndex((each) => each.kind === kind);
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0].one;
  }

  keep(kind: string, one: T): void {
    this.#waiting.push({ kind, one });
    for (const { one: longest } of this.#waiting.splice(0, this.#waiting.length - this.#most)) {
      this.#end(longest);
    }
  }

  /** One that has ended by itself. */
  forget(one: T): void {
    this.#waiting = this.#waiting.filter((each) => each.one !== one);
  }
}
