import { inLanguage, type Language } from "../core/text.ts";
import { endRoom } from "./end-names.ts";
import type { Axis, PlanePanel } from "./figure-spec.ts";
import { fitted, pixelWidth } from "./text-width.ts";

/** Height over width of a panel's plotting area, when it does not say. */
const usualAspect = 0.62;
const fullMargin = { left: 58, right: 22, top: 14, bottom: 42 };

/** Pixels a name of a tick may take; longer ones end in an ellipsis. */
const longestTick = 150;
const tickSize = 11.5;

/** Pixels around the plotting area. */
export interface PlaneMargins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The names of the ticks of x are turned: they would not fit beside one another. */
  readonly turned: boolean;
}

/** Axes without names need less room, named ticks more. */
export function marginsOf(panel: PlanePanel, width: number, language: Language): PlaneMargins {
  const { x, y } = panel;
  const plain = { left: y.label === "" ? 42 : fullMargin.left, bottom: x.label === "" ? 26 : fullMargin.bottom };
  const widest = (axis: Axis) =>
    tickNames(axis, language, width).reduce((most, name) => Math.max(most, Math.ceil(pixelWidth(name, tickSize))), 0);
  const left = Math.max(plain.left, y.tickLabels === undefined ? 0 : widest(y) + (y.label === "" ? 14 : 36));
  const room = (width - left - fullMargin.right) / Math.max(1, x.tickLabels?.length ?? 1);
  const turned = x.tickLabels !== undefined && widest(x) > room;
  const bottom = turned ? plain.bottom + Math.ceil(widest(x) * Math.sin(tickTurn)) - 4 : plain.bottom;
  const right = Math.max(fullMargin.right, endRoom(panel, width, language));
  return { ...fullMargin, right, left, bottom, turned };
}

/** How far named ticks below one another are turned, in radians. */
export const tickTurn = Math.PI / 6;

/** The names of named ticks, short enough for a panel of this width. */
export function tickNames({ tickLabels = [] }: Axis, language: Language, width: number): string[] {
  const limit = Math.min(longestTick, width / 3);
  return tickLabels.map((label) => fitted(inLanguage(label, language), limit, tickSize));
}

/** Pixels that a plotting area of this width is high. */
export function plotHeight(panel: PlanePanel, width: number): number {
  return Math.round(width * (panel.aspect ?? usualAspect));
}

/** The powers of ten in a domain. */
export function decades([low, high]: readonly [number, number]): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(`1e${first + i}`));
}
