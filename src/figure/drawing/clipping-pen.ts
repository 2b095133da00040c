import { clipSegment, isNear, reach } from "../clip.ts";
import type { Pen } from "./trace.ts";

/** A plotting area in pixels. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Cuts what is drawn with another pen to an area and its surroundings: canvases lose themselves in large numbers. */
export class ClippingPen implements Pen {
  private readonly pen: Pen;
  private readonly area: Area;
  /** Where the line has come to, in shares of the area. */
  private x = Number.NaN;
  private y = Number.NaN;
  private near = false;

  constructor(pen: Pen, { left, right, top, bottom }: Area) {
    this.pen = pen;
    this.area = { left, right, top, bottom };
  }

  moveTo(x: number, y: number): void {
    this.take(x, y);
    if (this.near) {
      this.pen.moveTo(x, y);
    }
  }

  lineTo(x: number, y: number): void {
    const { near, x: fromX, y: fromY } = this;
    this.take(x, y);
    if (near && this.near) {
      this.pen.lineTo(x, y);
      return;
    }
    const cut = clipSegment([fromX, fromY, this.x, this.y], reach);
    if (cut !== null) {
      if (!near) {
        this.pen.moveTo(this.across(cut[0]), this.down(cut[1]));
      }
      this.pen.lineTo(this.across(cut[2]), this.down(cut[3]));
    }
    if (this.near && cut === null) {
      this.pen.moveTo(x, y);
    }
  }

  private take(x: number, y: number): void {
    const { left, right, top, bottom } = this.area;
    this.x = (x - left) / (right - left);
    this.y = (y - top) / (bottom - top);
    this.near = isNear(this.x, this.y, reach);
  }

  private across(share: number): number {
    return this.area.left + share * (this.area.right - this.area.left);
  }

  private down(share: number): number {
    return this.area.top + share * (this.area.bottom - this.area.top);
  }
}
