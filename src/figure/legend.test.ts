import { expect, test } from "vitest";
import type { Curve, FigureSpec, Layer } from "./figure-spec.ts";
import { colorKeysOf, dashOf, legendOf, placeLegend } from "./legend.ts";
import { runStyle } from "./style.ts";

const figure = (...layers: readonly Layer[]): FigureSpec => ({
  id: "f",
  title: "f",
  columns: 1,
  panels: [{ kind: "plane", x: { label: "x" }, y: { label: "y" }, layers }],
});
const curve = (name: string, style: number, more: Partial<Curve> = {}): Curve => ({
  ...{ kind: "curve", name, style, role: "line", x: [0, 1], y: [0, 1] },
  ...more,
});
const points = (name: string, more: object = {}): Layer => ({
  ...{ kind: "points", name, style: 2, x: [0], y: [0] },
  ...more,
});
const colors = { label: "v", domain: [0, 1] as const };
const signs = (...layers: readonly Layer[]) =>
  legendOf(figure(...layers), "en").map(({ name, sign }) => [
    name,
    sign.kind === "line" ? [sign.color, sign.dash, sign.marker] : sign.kind,
  ]);

test("each named thing stands once with the sign it is drawn by; faint curves and coloured points have none", () => {
  const [zero, one] = [runStyle(0), runStyle(1)];
  expect(
    signs(
      curve("plain", 0, { dash: "solid" }),
      curve("plain", 0),
      curve("faint", 0, { role: "raw" }),
      curve("marked", 1, { dash: "sparse", markEvery: 10 }),
      curve("alone", 1, { dash: "dotted", x: [0], y: [0] }),
      points("dots"),
      points("rings", { marker: "ring" }),
      points("by value", { colors }),
    ),
  ).toEqual([
    ["plain", [zero.color, "", null]],
    ["marked", [one.color, "3 8", one.marker]],
    ["alone", [one.color, "2 3", one.marker]],
    ["dots", "dot"],
    ["rings", "ring"],
  ]);
});

test("where there is one thing alone, nothing is to be told apart", () => {
  expect(signs(curve("one", 0), curve("faint", 0, { role: "raw" }))).toEqual([]);
});

test("a curve's own dash goes before its style's", () => {
  expect(dashOf({ style: 1 })).toBe(runStyle(1).dash);
  expect(dashOf({ style: 1, dash: "long" })).toBe("14 4");
});

test("entries stand side by side and go on in a row below where there is no room", () => {
  const entries = legendOf(figure(...Array.from({ length: 9 }, (_, i) => curve(`a curve of number ${i}`, i))), "en");
  const { places, bottom } = placeLegend(entries, { y: 10, width: 400 });
  const rows = new Map<number, number[]>();
  for (const { x, middle } of places) {
    rows.set(middle, [...(rows.get(middle) ?? []), x]);
  }
  expect([...rows.keys()]).toEqual(Array.from({ length: rows.size }, (_, i) => 18 + 20 * i));
  expect(rows.size).toBeGreaterThan(2);
  for (const xs of rows.values()) {
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
    expect(Math.max(...xs)).toBeLessThan(400);
  }
  expect(bottom).toBe(10 + 20 * (rows.size - 1) + 18);
  expect(placeLegend([], { y: 10, width: 400 }).bottom).toBe(10);
});

test("scales of colours have a key each, of points too, the same scale once", () => {
  const other = { label: "w", domain: [0, 2] as const };
  const spec = figure(points("a", { colors }), points("b", { colors: { ...colors } }), points("c", { colors: other }));
  expect(colorKeysOf(spec)).toEqual([colors, other]);
  expect(colorKeysOf(figure(points("plain")))).toEqual([]);
});
