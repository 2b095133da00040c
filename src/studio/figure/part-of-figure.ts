import type { LessonView } from "../../experiments/lesson.ts";
import type { FigureSpec } from "../../figure/figure-spec.ts";

/** The panels of a figure that a view shows; the whole figure where none of them is there yet. */
export function partOfFigure(spec: FigureSpec, view: LessonView | undefined): FigureSpec {
  const { columns } = spec;
  const panels = [
    ...(view?.rows?.flatMap((row) => spec.panels.slice(row * columns, (row + 1) * columns)) ?? []),
    ...(view?.panels?.flatMap((place) => spec.panels[place] ?? []) ?? []),
  ];
  return panels.length > 0 ? { ...spec, panels } : spec;
}
