import type { Curve, Layer } from "../figure-spec.ts";
import type { Theme } from "../style.ts";
import { drawFigure, type FigurePlaces } from "./draw-figure.ts";
import { drawStretch } from "./draw-layer.ts";
import { clipped, drawAbove, drawGround } from "./draw-plane.ts";
import type { Context } from "./pencil.ts";
import type { PlanePlace } from "./plane-place.ts";

/** Points of a curve that settle together: what has settled is changed seldom, since each change copies the picture. */
const together = 40;

/** How far a curve has been drawn for good. */
interface Settled {
  points: number;
  /** Pixels along its dashes. */
  along: number;
}

/** The picture of what will not change while a figure grows. */
interface Ground {
  readonly ctx: OffscreenCanvasRenderingContext2D;
  /** By panel and by layer. */
  readonly curves: readonly (readonly Settled[])[];
}

/**
 * Draws a figure again and again while its curves grow. Without a graphics card thick lines of thousands of points take
 * longer than all else of a frame; here those that stay as they are are drawn once, and a frame takes the time of the new
 * ones. Where anything but the ends of curves has changed, all is drawn anew. A curve that overtakes another may lie
 * beneath instead of above it, until the figure is drawn whole.
 */
export class GrowingFigure {
  private last: { readonly places: FigurePlaces; readonly theme: Theme } | null = null;
  private ground: Ground | null = null;

  /** Draws on an empty canvas, whose transform is the caller's. @returns whether the figure was drawn whole */
  draw(ctx: Context, places: FigurePlaces, theme: Theme): boolean {
    const { last } = this;
    this.last = { places, theme };
    const same = last !== null && last.theme === theme ? samePoints(last.places, places) : null;
    if (same === null || !this.stands(ctx, same)) {
      this.ground = null;
      drawFigure(ctx, places, theme);
      return true;
    }
    this.ground ??= emptyGround(ctx, places, theme);
    const { ctx: beneath, curves } = this.ground;
    eachCurve(places, (layer, place, panel, i) => {
      const settled = curves[panel][i];
      const to = same[panel][i];
      if (to - settled.points >= together) {
        const from = Math.max(0, settled.points - 1);
        clipped(beneath, place, () => {
          settled.along = drawStretch(beneath, layer, place, { from, to, along: settled.along });
        });
        settled.points = to;
      }
    });
    ctx.save();
    ctx.resetTransform();
    ctx.drawImage(beneath.canvas, 0, 0);
    ctx.restore();
    eachCurve(places, (layer, place, panel, i) => {
      const { points, along } = curves[panel][i];
      const from = Math.max(0, points - 1);
      clipped(ctx, place, () => drawStretch(ctx, layer, place, { from, to: layer.x.length, along }));
    });
    drawFigure(ctx, places, theme, drawAbove);
    return false;
  }

  /** The next drawing is whole. */
  forget(): void {
    this.last = null;
    this.ground = null;
  }

  /** Whether what has been drawn for good, if anything, is still so. */
  private stands({ canvas }: Context, same: readonly (readonly number[])[]): boolean {
    if (this.ground === null) {
      return true;
    }
    const { ctx, curves } = this.ground;
    return (
      ctx.canvas.width === canvas.width &&
      ctx.canvas.height === canvas.height &&
      curves.every((panel, p) => panel.every(({ points }, i) => points <= same[p][i]))
    );
  }
}

function emptyGround(ctx: Context, places: FigurePlaces, theme: Theme): Ground {
  const { width, height } = ctx.canvas;
  const beneath = new OffscreenCanvas(width, height).getContext("2d")!;
  beneath.setTransform(ctx.getTransform());
  const { language } = places.options;
  const curves = planesOf(places).map((place) => {
    const { layers } = place.panel;
    drawGround(
      beneath,
      place,
      { theme, language },
      layers.filter(({ kind }) => kind !== "curve"),
    );
    return layers.map(() => ({ points: 0, along: 0 }));
  });
  return { ctx: beneath, curves };
}

const planesOf = ({ planes }: FigurePlaces): readonly PlanePlace[] => planes.filter((place) => place !== null);

function eachCurve(
  places: FigurePlaces,
  call: (layer: Curve, place: PlanePlace, panel: number, i: number) => void,
): void {
  planesOf(places).forEach((place, panel) => {
    place.panel.layers.forEach((layer, i) => {
      if (layer.kind === "curve") {
        call(layer, place, panel, i);
      }
    });
  });
}

/**
 * Of how many points from its start each curve is what it was, by panel and layer; 0 for other layers. Null where more
 * than the ends of curves differs, or where curves are few among what is drawn.
 */
function samePoints(before: FigurePlaces, now: FigurePlaces): number[][] | null {
  const [a, b] = [planesOf(before), planesOf(now)];
  const shape = ({ height, options, spec, boxes }: FigurePlaces) => [height, options, boxes, spec.panels.length];
  if (b.length !== now.planes.length || a.length !== b.length || !alike(shape(before), shape(now))) {
    return null;
  }
  const counts: number[][] = [];
  for (let p = 0; p < b.length; p++) {
    const { layers } = b[p].panel;
    const earlier = a[p].panel.layers;
    const frame = ({ left, right, top, bottom, x, y }: PlanePlace) => [left, right, top, bottom, x, y];
    if (earlier.length !== layers.length || !alike(frame(a[p]), frame(b[p]))) {
      return null;
    }
    const same = layers.map((layer, i) => samePointsOf(earlier[i], layer));
    if (same.includes(null)) {
      return null;
    }
    counts.push(same as number[]);
  }
  return counts;
}

function samePointsOf(before: Layer, now: Layer): number | null {
  if (before.kind !== "curve" || now.kind !== "curve") {
    return isPlain(now) && alike(before, now) ? 0 : null;
  }
  const look = ({ style, role, dash }: Curve) => [style, role, dash];
  if (!alike(look(before), look(now)) || [before, now].some(({ horizon, broken }) => horizon !== undefined || broken)) {
    return null;
  }
  const most = Math.min(before.x.length, now.x.length);
  for (let i = 0; i < most; i++) {
    if (before.x[i] !== now.x[i] || before.y[i] !== now.y[i]) {
      return i;
    }
  }
  return most;
}

/** Layers of a few values, which are quickly compared. */
const isPlain = ({ kind }: Layer): boolean => kind === "rule" || kind === "label";

const alike = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
