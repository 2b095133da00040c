import { largestOf } from "../../core/long-lists.ts";
import { type FigureOptions, type FigurePlaces, placeFigure } from "../../figure/drawing/draw-figure.ts";
import type { FigureSpec, Panel } from "../../figure/figure-spec.ts";

/** Height over width that a panel is given at least and at most. */
const flattest = 0.12;
const tallest = 1.25;
/** Pixels of height below which a curve is hardly read; what does not fit then is scrolled. */
const lowest = 76;
/** Pixels a small panel needs where room is short. */
const narrowest = 104;

/**
 * Places a figure in a given height: its panels become flatter or taller, all by the same factor. Where even the flattest
 * do not fit, it is higher than asked for.
 */
export function fitFigure(spec: FigureSpec, options: FigureOptions, height: number): FigurePlaces {
  let least = flattest;
  const at = (factor: number) =>
    placeFigure(
      { ...spec, panels: spec.panels.map((panel) => scaled(panel, factor, least)) },
      { ...options, narrowest },
    );
  const whole = at(1);
  const widths = whole.planes.flatMap((plane) => (plane === null ? [] : [plane.right - plane.left]));
  least = Math.min(tallest, Math.max(flattest, lowest / largestOf(widths, 1)));
  if (height <= 0) {
    return whole;
  }
  // Heights are straight in the factor, up to rounding and to the bounds: two steps of the secant are enough.
  let [known, factor] = [whole, 0.5];
  let before = { factor: 1, height: whole.height };
  for (let i = 0; i < 3; i++) {
    const now = at(factor);
    const slope = (now.height - before.height) / (factor - before.factor);
    known = now;
    before = { factor, height: now.height };
    if (Math.abs(now.height - height) < 1.5 || !(slope > 0)) {
      break;
    }
    factor = Math.max(0.05, factor + (height - 1 - now.height) / slope);
  }
  return known;
}

function scaled(panel: Panel, factor: number, least: number): Panel {
  if (panel.kind !== "plane") {
    return panel;
  }
  const aspect = (panel.aspect ?? 0.62) * factor;
  return { ...panel, aspect: Math.min(tallest, Math.max(least, aspect)) };
}
