import { expect, test } from "vitest";
import { dataRange, domainOf } from "./domain.ts";
import type { Axis, Layer, PlanePanel } from "./figure-spec.ts";

const panelOf = (layers: readonly Layer[], axis: Partial<Axis> = {}): PlanePanel => ({
  kind: "plane",
  x: { label: "x", ...axis },
  y: { label: "y", ...axis },
  layers,
});
const points = (x: readonly number[]): Layer => ({ kind: "points", style: 0, x, y: x });

const rangeOf = (layer: Layer, which: "x" | "y") => dataRange(panelOf([layer]), which, false);

test.each([
  ["nothing", [], [0, 1]],
  ["one value, in its middle", [3], [2.5, 3.5]],
  ["one large value, which half a unit is lost beside", [1e18], [1e18 - 1e12, 1e18 + 1e12]],
  ["several, but for those without a place", [0.13, Number.NaN, 2.31, Number.POSITIVE_INFINITY], [0.13, 2.31]],
])("an axis is long enough for %s", (_, x, range) => {
  expect(rangeOf(points(x), "x")).toEqual(range);
});

test("a map's cells are shown whole, half a step beyond its outer points", () => {
  const grid = { x: [0, 10, 20], y: [5], z: [1, 2, 3] };
  const heat: Layer = { kind: "heat", grid, colors: { label: "z", domain: [1, 3] } };
  expect(rangeOf(heat, "x")).toEqual([-5, 25]);
  expect(rangeOf(heat, "y")).toEqual([4.5, 5.5]);
});

test("on a logarithmic axis a map's cells reach half a step of that axis beyond its outer points", () => {
  const grid = { x: [0.01, 1, 100], y: [4], z: [1, 2, 3] };
  const heat: Layer = { kind: "heat", grid, colors: { label: "z", domain: [1, 3] } };
  const [low, high] = dataRange(panelOf([heat]), "x", true);
  expect([low, high].map((end) => Number(end.toPrecision(9)))).toEqual([0.001, 1000]);
  const [least, most] = dataRange(panelOf([heat]), "y", true);
  expect(least * most).toBeCloseTo(16);
  expect(most).toBeGreaterThan(least);
});

test("bars that lie are shown in their whole height, bars that stand from 0 on", () => {
  const lying: Layer = { kind: "spans", style: 0, y: [1, 2], height: 1, low: [3, 4], high: [5, 7] };
  expect([rangeOf(lying, "x"), rangeOf(lying, "y")]).toEqual([
    [3, 7],
    [0.5, 2.5],
  ]);
  expect(rangeOf({ kind: "bars", style: 0, edges: [2, 3], counts: [7] }, "y")).toEqual([0, 7]);
});

test("a logarithmic axis that is to begin at 0 begins at the least value there is", () => {
  const log = { scale: "log", domain: [0, 100] } as const;
  expect(domainOf(panelOf([points([0.02, 5])], log), "x")).toEqual([0.01, 100]);
  expect(domainOf(panelOf([points([0.02, 5])], { scale: "log", domain: [-2, -1] }), "x")).toEqual([0.01, 5]);
  expect(domainOf(panelOf([points([-3, 0])], { scale: "log" }), "x")).toEqual([0.1, 1]);
});
