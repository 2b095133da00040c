/** Milliseconds between two drawings where a person asked for less motion. */
const calm = 500;
/** Milliseconds between two drawings of what nobody sees: a page may be printed or pictured as a whole. */
const unseen = 1000;
/** The rest that the page is given after a drawing, as a multiple of the time it took: up to 3 ms one a frame. */
const rest = 5;
/** Milliseconds of drawing in one frame after which what has not drawn yet waits for the next. */
const share = 6;

/**
 * The frame under way, by its time, and the milliseconds that drawing has taken in it, by whichever painter. Putting the
 * picture on the screen counts as it took last time: without a graphics card it takes longer than the drawing.
 */
let frameUnderWay = { at: Number.NaN, spent: 0 };

/**
 * Draws when asked to, at most once a frame however often it is asked. Where drawing is slow (no graphics card) growing
 * figures are drawn less often, so that most of the time is the page's, and several of them one a frame; for who prefers
 * reduced motion twice a second.
 */
export class Painter {
  private readonly paint: () => void;
  private readonly reduced = matchMedia("(prefers-reduced-motion: reduce)");
  private readonly after = new MessageChannel();
  private frame = 0;
  private timer = 0;
  private last = Number.NEGATIVE_INFINITY;
  private cost = 0;

  constructor(paint: () => void) {
    this.paint = paint;
    // A message sent while drawing arrives once the browser has put the picture on the screen.
    this.after.port1.onmessage = () => {
      this.cost = performance.now() - this.last;
    };
  }

  /** @param hurry `hand`: without a rest, what answers to a person; `unseen`: once a second, what is scrolled away */
  ask(hurry: "hand" | "run" | "unseen" = "run"): void {
    if (this.frame !== 0) {
      return;
    }
    const pause = this.reduced.matches ? calm : rest * this.cost;
    const least = hurry === "unseen" ? unseen : 0;
    const wait = hurry === "hand" ? 0 : this.last + Math.max(pause, least) - performance.now();
    if (wait > 0) {
      this.timer ||= window.setTimeout(() => {
        this.timer = 0;
        this.ask("hand");
      }, wait);
      return;
    }
    this.frame = requestAnimationFrame(this.draw);
  }

  private readonly draw = (at: number): void => {
    if (frameUnderWay.at !== at) {
      frameUnderWay = { at, spent: 0 };
    }
    if (frameUnderWay.spent > share) {
      // Asked for before those that have drawn ask again: in the next frame it is the first.
      this.frame = requestAnimationFrame(this.draw);
      return;
    }
    this.frame = 0;
    this.last = performance.now();
    this.paint();
    frameUnderWay.spent += Math.max(performance.now() - this.last, this.cost);
    this.after.port2.postMessage(null);
  };

  stop(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.after.port1.close();
    this.frame = 0;
    this.timer = 0;
  }
}

/** Gives a canvas the size of a box in CSS pixels at the screen's resolution (at most 2 pixels a unit), empty and ready to be drawn on. */
export function prepareCanvas(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  const ctx = canvas.getContext("2d")!;
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  } else {
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, w, h);
  }
  ctx.setTransform(w / Math.max(1, width), 0, 0, h / Math.max(1, height), 0, 0);
  return ctx;
}
