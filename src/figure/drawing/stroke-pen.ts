import type { Context } from "./pencil.ts";
import type { Pen } from "./trace.ts";

/**
 * Points stroked at once. A long line that crosses its own pixels again and again takes a software rasteriser time that
 * grows with the square of its points (8 noisy lines of 2,000 points: 1.3 s); in pieces it is linear (0.05 s).
 */
const piece = 40;

/** Strokes a line in pieces while it is traced; its dashes go on from piece to piece. Call {@link end} at the end. */
export class StrokePen implements Pen {
  private readonly ctx: Context;
  private readonly dashed: boolean;
  private x = 0;
  private y = 0;
  private points = 0;
  private along: number;
  private begun = false;

  /** @param along where in its dashes the line begins, in pixels */
  constructor(ctx: Context, along = 0) {
    this.ctx = ctx;
    this.dashed = ctx.getLineDash().length > 0;
    this.along = along;
  }

  /** Pixels of dashed line since it was last set down: where its dashes go on. */
  get length(): number {
    return this.along;
  }

  moveTo(x: number, y: number): void {
    this.end();
    if (this.begun) {
      this.along = 0;
    }
    this.begun = true;
    this.begin(x, y);
  }

  lineTo(x: number, y: number): void {
    const { ctx } = this;
    ctx.lineTo(x, y);
    if (this.dashed) {
      this.along += Math.sqrt((x - this.x) ** 2 + (y - this.y) ** 2);
    }
    this.x = x;
    this.y = y;
    if (++this.points >= piece) {
      this.end();
      this.begin(x, y);
    }
  }

  /** Strokes what has been traced. */
  end(): void {
    if (this.points > 0) {
      this.ctx.stroke();
    }
    this.points = 0;
  }

  private begin(x: number, y: number): void {
    const { ctx } = this;
    ctx.beginPath();
    ctx.lineDashOffset = this.along;
    ctx.moveTo(x, y);
    this.x = x;
    this.y = y;
  }
}
