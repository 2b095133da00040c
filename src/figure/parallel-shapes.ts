import { inLanguage, type Language } from "../core/text.ts";
import { shareAlong, valueAlong } from "./along.ts";
import type { ParallelPanel } from "./figure-spec.ts";
import { fitted, pixelWidth } from "./text-width.ts";
import { evenly } from "./thin.ts";
import { tickTexts } from "./ticks.ts";

type Rail = ParallelPanel["axes"][number];

/** Lines a panel can show; of more, some, evenly chosen. */
const mostLines = 5000;
const nameSize = 11.5;
const margin = { left: 46, right: 60, top: 30, bottom: 12 };

/** Pixels a panel of this width is high. */
export function parallelHeight(width: number): number {
  return Math.round(Math.min(360, Math.max(220, width * 0.45)));
}

/** What is drawn of a panel of parallel coordinates, in pixels. */
export interface ParallelShapes {
  readonly top: number;
  readonly bottom: number;
  /** A point an axis, null where there is none: the line is broken there. */
  readonly lines: readonly {
    readonly points: readonly (readonly [x: number, y: number] | null)[];
    value: number | null;
  }[];
  readonly rails: readonly {
    readonly x: number;
    readonly name: string;
    readonly ticks: readonly { readonly y: number; readonly label: string }[];
  }[];
}

/** Places a panel's lines, axes and ticks. */
export function parallelShapes(panel: ParallelPanel, width: number, language: Language): ParallelShapes {
  const { axes, lines } = panel;
  const { top } = margin;
  const bottom = parallelHeight(width) - margin.bottom;
  // The outer axes' names stand in the middle above them and must not be cut off.
  const half = (axis: Rail | undefined) =>
    axis === undefined ? 0 : Math.min(width / 4, 0.56 * pixelWidth(inLanguage(axis.label, language), nameSize) + 4);
  const left = Math.max(margin.left, half(axes[0]));
  const right = Math.max(margin.right, half(axes.at(-1)));
  const step = axes.length > 1 ? (width - left - right) / (axes.length - 1) : 0;
  const xOf = (i: number) => left + i * step;
  const yOf = (value: number, axis: Rail) =>
    bottom - Math.min(1, Math.max(0, shareAlong(value, axis))) * (bottom - top);
  return {
    top,
    bottom,
    lines: evenly(lines.length, mostLines)
      .map((i) => lines[i])
      .map(({ at, value }) => ({
        value,
        points: axes.map((axis, i) => {
          const v = at[i] ?? null;
          return v === null || Number.isNaN(shareAlong(v, axis)) ? null : ([xOf(i), yOf(v, axis)] as const);
        }),
      })),
    rails: axes.map((axis, i) => ({
      x: xOf(i),
      name: fitted(inLanguage(axis.label, language), step === 0 ? width : step - 6, nameSize),
      ticks: ticksOf(axis, language).map(([value, label]) => ({
        y: yOf(value, axis),
        label: fitted(label, Math.max(30, step - 10), 10),
      })),
    })),
  };
}

function ticksOf(axis: Rail, language: Language): [number, string][] {
  const { domain, scale, ticks, tickLabels } = axis;
  const [low, high] = domain;
  const middle = valueAlong(0.5, { domain, scale });
  const at = ticks ?? (low === high ? [low] : [low, middle, high]);
  const texts = tickLabels?.map((label) => inLanguage(label, language)) ?? tickTexts(at);
  return at.map((value, i) => [value, texts[i]]);
}
