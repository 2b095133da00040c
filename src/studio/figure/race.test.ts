import { expect, test } from "vitest";
import type { FigureSpec, PlanePanel } from "../../figure/figure-spec.ts";
import { asRace } from "./race.ts";

const curve = (name: string, y: readonly (number | null)[]) =>
  ({ kind: "curve", name, style: 0, role: "line", x: y.map((_, i) => i), y }) as const;
const panel: PlanePanel = {
  kind: "plane",
  x: { label: { en: "iterations", ja: "更新回数" } },
  y: { label: { en: "loss", ja: "損失" } },
  layers: [curve("a", [null, 2, 50]), curve("b", [1, 0.5, 0.25])],
};
const figure: FigureSpec = { id: "f", title: "f", columns: 1, panels: [panel] };

test("curves run from the start to the end that is planned, below where the highest of them began", () => {
  const [raced] = asRace(figure, { iterations: 100 }, { going: true }).panels as PlanePanel[];
  expect(raced.x.domain).toEqual([0, 100]);
  expect(raced.y.domain).toEqual([0, 2.08]);
  expect(raced.layers.at(-1)).toMatchObject({ kind: "rule", axis: "x", at: 100 });
  const [over] = asRace(figure, { iterations: 100 }, { going: false }).panels as PlanePanel[];
  expect(over.layers).toEqual(panel.layers);
  expect(asRace(figure, {}, { going: true })).toBe(figure);
});
