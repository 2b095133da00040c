import { expect, test } from "vitest";
import type { Histogram, RunRecord } from "../../core/record.ts";
import { activationHistograms } from "../../experiments/ch06/activation-histograms.ts";
import { activationHistogramsLesson } from "../../experiments/ch06/lesson/activation-histograms.ts";
import type { FigureSpec, PlanePanel } from "../../figure/figure-spec.ts";
import { fitFigure } from "./fit-figure.ts";
import { partOfFigure } from "./part-of-figure.ts";

const kinds = [
  ["sigmoid", 1],
  ["sigmoid", 0.01],
  ["sigmoid", 0.1],
  ["tanh", 0.1],
  ["relu", 0.01],
  ["relu", 0.1],
  ["relu", 0.2],
] as const;

/** The figures of a run of so many layers; of tanh and of the last ReLU some layers leave [0, 1]. */
function figuresOf(layers: number, outputs: number): readonly FigureSpec[] {
  const histograms = kinds.flatMap(([activation, std]) =>
    Array.from(
      { length: layers },
      (_, i): Histogram => ({
        activation,
        std,
        layer: i + 1,
        edges: [0, 0.5, 1],
        counts: [outputs / 2, outputs / 2],
        mean: 0,
        stdOfOutputs: 1,
        hiddenShare: activation === "tanh" || (std === 0.2 && i === 0) ? 0.5 : 0,
      }),
    ),
  );
  return activationHistograms.figures({ histograms, settings: { layers } } as unknown as RunRecord);
}

const colours = ({ panels }: FigureSpec) =>
  panels.map((panel) => {
    const [layer] = (panel as PlanePanel).layers;
    return layer.kind === "bars" ? layer.style : null;
  });

test.each([2, 5, 20])("a view of histograms shows its kinds whole, with %i layers", (layers) => {
  const [figure, whole] = figuresOf(layers, 100);
  const shown = Object.fromEntries(
    activationHistogramsLesson.views!.map((view) => [view.id, colours(partOfFigure(figure, view))]),
  );
  const rows = (...styles: number[]) => styles.flatMap((style) => new Array(layers).fill(style));
  expect(shown).toMatchObject({ sigmoid: rows(0, 0, 0), tanh: rows(0, 1), relu: rows(2, 2, 2) });
  expect(colours(whole), "a kind of which one layer leaves [0, 1] is shown in all").toEqual(rows(1, 2));
});

test.each([360, 700, 1400])("in %i px no line of a figure holds panels of two rows, and numbers have room", (width) => {
  const [figure] = figuresOf(5, 100);
  const { boxes, planes } = fitFigure(figure, { language: "en", width, parts: "panels" }, 200);
  const rowsAt = new Map<number, Set<number>>();
  for (const { index, top } of boxes) {
    rowsAt.set(top, (rowsAt.get(top) ?? new Set()).add(Math.floor(index / 5)));
  }
  expect([...rowsAt.values()].every((rows) => rows.size === 1)).toBe(true);
  for (const place of planes) {
    expect(place!.bottom - place!.top).toBeGreaterThan(55);
  }
});

test("the axis of counts is the book's for the book's outputs, and grows with them", () => {
  const ends = (outputs: number, layers = 5) => (figuresOf(layers, outputs)[0].panels[0] as PlanePanel).y.domain;
  expect(ends(100_000)).toEqual([0, 110_000]);
  expect(ends(400_000)).toEqual([0, 420_000]);
});
