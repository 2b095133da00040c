import type { Curve, Layer } from "../figure-spec.ts";
import type { Theme } from "../style.ts";
import { drawFigure, type FigurePlaces } from "./draw-figure.ts";
import { drawStretch } from "./draw-layer.ts";
import { drawAbove, drawGround } from "./draw-plane.ts";
import type { PlanePlace } from "./plane-place.ts";

/** A canvas, of the page or off it. */
type Canvas = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

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
  /** By the places of {@link layersOf}. */
  readonly settled: readonly Settled[];
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
  draw(ctx: Canvas, places: FigurePlaces, theme: Theme): boolean {
    const { last } = this;
    this.last = { places, theme };
    const same = last !== null && last.theme === theme ? samePoints(last.places, places) : null;
    if (last === null || same === null || !this.stands(ctx, same)) {
      this.ground = null;
      drawFigure(ctx, places, theme);
      return true;
    }
    this.ground ??= emptyGround(ctx, places, theme);
    const { ctx: beneath, settled } = this.ground;
    const before = layersOf(last.places);
    const curves = layersOf(places).flatMap(({ layer, place }, i) =>
      layer.kind === "curve" ? [{ layer, place, i }] : [],
    );
    for (const { layer, place, i } of curves) {
      const { points, along } = settled[i];
      // Only growth tells which points stay: the ends of a smoothed curve wait for what comes next.
      if (layer.x.length > (before[i].layer as Curve).x.length && same[i] - points >= together) {
        const stretch = { from: Math.max(0, points - 1), to: same[i], along };
        settled[i].along = drawStretch(beneath, layer, place, stretch);
        settled[i].points = same[i];
      }
    }
    ctx.save();
    ctx.resetTransform();
    ctx.drawImage(beneath.canvas, 0, 0);
    ctx.restore();
    for (const { layer, place, i } of curves) {
      const { points, along } = settled[i];
      drawStretch(ctx, layer, place, { from: Math.max(0, points - 1), to: layer.x.length, along });
    }
    drawFigure(ctx, places, theme, drawAbove);
    return false;
  }

  /** The next drawing is whole. */
  forget(): void {
    this.last = null;
    this.ground = null;
  }

  /** Whether what has been drawn for good, if anything, is still so. */
  private stands({ canvas }: Canvas, same: readonly number[]): boolean {
    if (this.ground === null) {
      return true;
    }
    const { ctx, settled } = this.ground;
    return (
      ctx.canvas.width === canvas.width &&
      ctx.canvas.height === canvas.height &&
      settled.every(({ points }, i) => points <= same[i])
    );
  }
}

function emptyGround(ctx: Canvas, places: FigurePlaces, theme: Theme): Ground {
  const { width, height } = ctx.canvas;
  const beneath = new OffscreenCanvas(width, height).getContext("2d")!;
  beneath.setTransform(ctx.getTransform());
  const look = { theme, language: places.options.language };
  for (const place of planesOf(places)) {
    const others = place.panel.layers.filter(({ kind }) => kind !== "curve");
    drawGround(beneath, place, look, others);
  }
  return { ctx: beneath, settled: layersOf(places).map(() => ({ points: 0, along: 0 })) };
}

const planesOf = ({ planes }: FigurePlaces): readonly PlanePlace[] => planes.filter((place) => place !== null);

/** The layers of all panels with axes. */
const layersOf = (places: FigurePlaces): readonly { readonly layer: Layer; readonly place: PlanePlace }[] =>
  planesOf(places).flatMap((place) => place.panel.layers.map((layer) => ({ layer, place })));

/**
 * Of how many points from its start each curve is what it was, by the places of {@link layersOf}; 0 for other layers. Null
 * where more than the ends of curves differs, or where there is more than curves and what is quickly compared.
 */
function samePoints(before: FigurePlaces, now: FigurePlaces): number[] | null {
  if (now.planes.includes(null) || !alike(frameOf(before), frameOf(now))) {
    return null;
  }
  const earlier = layersOf(before);
  const same = layersOf(now).map(({ layer }, i) => samePointsOf(earlier[i].layer, layer));
  return same.includes(null) ? null : (same as number[]);
}

/** What must stay for a figure to be drawn on: all but the values of its layers. */
const frameOf = ({ height, options, boxes, planes }: FigurePlaces) => [
  ...[height, options, boxes],
  ...planes.map((place) => place && [place.left, place.right, place.top, place.bottom, place.x, place.y]),
  ...planes.map((place) => place?.panel.layers.length),
];

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
