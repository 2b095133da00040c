import { tick } from "svelte";

/** Milliseconds between two looks, at least: curves move. */
const every = 80;
/** The same as a multiple of what a look takes: the page stays free, and the processors are the training's. */
const rest = 6;

/** Looks at what grows, as often as what it costs to show it allows. */
export class Looks {
  private readonly look: () => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private cost = 0;

  constructor(look: () => void) {
    this.look = look;
  }

  /** Something has come: it is looked at in its turn. */
  soon(): void {
    this.timer ??= setTimeout(() => this.now(), Math.max(every, rest * this.cost));
  }

  now(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const began = performance.now();
    this.look();
    void tick().then(() => {
      this.cost = performance.now() - began;
    });
  }
}
