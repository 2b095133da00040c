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

/** Panels that a small picture has room for, with names at their axes and without. */
const most = { named: 2, bare: 6 } as const;

/** Some panels of a figure with many: whole columns of its first and its last row, so that each row stays one thing. */
export function fewerPanels(whole: FigureSpec): FigureSpec {
  const { panels, columns } = whole;
  const named = panels.some((panel) => panel.kind === "plane" && panel.x.label !== "");
  if (panels.length <= (named ? most.named : most.bare)) {
    return { ...whole, columns: Math.min(3, columns) };
  }
  if (named) {
    const two = [panels[0], panels[panels.length - 1]];
    return { ...whole, panels: two, columns: 2 };
  }
  const rows = Math.ceil(panels.length / columns);
  const wide = Math.min(3, columns);
  const across = Array.from({ length: wide }, (_, i) => Math.round((i * (columns - 1)) / Math.max(1, wide - 1)));
  const chosen = [...new Set([0, rows - 1])].flatMap((row) =>
    across.flatMap((column) => panels[row * columns + column] ?? []),
  );
  return { ...whole, panels: chosen, columns: wide };
}
