import { expect, test } from "vitest";
import type { LayerSnapshot, Snapshot, ValueHistogram, WeightImages } from "../../../core/snapshot.ts";
import type { Curve, Heat, PlanePanel } from "../../../figure/figure-spec.ts";
import { runStyle } from "../../../figure/style.ts";
import { histogramsAt, histogramsOverTime, rebin, summarize } from "./histogram-figures.ts";
import { layerFigure, snapshotAt } from "./layer-figures.ts";
import { divergingTable, gridOf, unitSummary, weightChange, weightPixels } from "./paint-weights.ts";

const histogram = (low: number, high: number, counts: number[], zeros = 0, notFinite = 0): ValueHistogram => ({
  low,
  high,
  counts: Uint32Array.from(counts),
  zeros,
  notFinite,
  total: counts.reduce((a, b) => a + b, zeros + notFinite),
});

const layer = (more: Partial<LayerSnapshot>): LayerSnapshot => ({
  layer: "affine1",
  activation: "relu",
  units: 4,
  gradientNorm: 1,
  updateRatio: 1e-3,
  deadShare: 0.25,
  saturatedShare: null,
  sleepingShare: null,
  activations: histogram(0, 2, [4, 2], 3),
  gradients: histogram(-12, 3, [1, 0, 5]),
  ...more,
});

const snapshot = (step: number, layers: LayerSnapshot[]): Snapshot => ({
  run: "a",
  tags: {},
  step,
  layers,
  weights: null,
  mistakes: null,
});

test("counts put into other bins stay as many, and lie where they were", () => {
  const moved = rebin(histogram(0, 2, [4, 2]), 0, 4, 8);
  expect([...moved]).toEqual([2, 2, 1, 1, 0, 0, 0, 0]);
  const coarse = rebin(histogram(1, 4, [3, 3, 3]), 0, 6, 2);
  expect([...coarse]).toEqual([6, 3]);
});

test("percentiles are those of what is counted; zeros and what is not finite are told apart", () => {
  const { zeros, notFinite, low, median, high } = summarize(histogram(0, 100, new Array(100).fill(1), 50, 50));
  expect([zeros, notFinite]).toEqual([0.25, 0.25]);
  expect([low, median, high]).toEqual([5, 50, 95]);
  expect(summarize(histogram(0, 1, [0, 0], 5)).median).toBeNull();
});

test("the field over time has a column a snapshot, its range that of all of them, nothing where nothing was counted", () => {
  const snapshots = [
    snapshot(0, [layer({ activations: histogram(0, 1, [8, 0]) })]),
    snapshot(9, [layer({ activations: histogram(0, 4, [2, 2]) })]),
  ];
  const { panels } = histogramsOverTime(snapshots, "activations", 9);
  const [panel] = panels as PlanePanel[];
  expect(panel.y.domain).toEqual([0, 4]);
  expect(panel.x.domain).toEqual([0, 9]);
  const { grid } = panel.layers[0] as Heat;
  expect(grid.x).toEqual([0, 9]);
  const column = (i: number) => grid.y.map((_, row) => grid.z[row * 2 + i]);
  expect(Math.max(...column(0).map((z) => z ?? 0))).toBe(1);
  expect(column(0).at(-1)).toBeNull();
  expect(column(1).every((z) => z === 1)).toBe(true);
  expect(panel.layers[1]).toMatchObject({ kind: "rule", axis: "x", at: 9 });
  expect(histogramsOverTime([snapshot(0, [layer({ gradients: null })])], "gradients", null).panels).toEqual([]);
  expect(histogramsAt(snapshots[0], "activations").panels.length).toBe(1);
});

test("quantities that a layer does not have are not drawn", () => {
  const output = layer({ activation: "none", deadShare: null });
  const relu = layerFigure(
    [snapshot(0, [layer({}), output]), snapshot(5, [layer({ gradientNorm: 0 }), output])],
    "a",
    5,
  );
  const titles = (relu.panels as PlanePanel[]).map(({ title }) => (title as { en: string }).en.split(" ")[0]);
  expect(titles).toEqual(["Gradient", "Update", "Dead"]);
  const [norm] = relu.panels as PlanePanel[];
  // On a log axis a norm of 0 has no place.
  expect((norm.layers[0] as Curve).y).toEqual([1, null]);
  const sigmoid = layerFigure([snapshot(0, [layer({ activation: "sigmoid", saturatedShare: 0.5 })])], "a", null);
  expect((sigmoid.panels as PlanePanel[]).length).toBe(3);
});

test("the snapshot looked at is the last before the position, the newest without one", () => {
  const snapshots = [0, 9, 19].map((step) => snapshot(step, []));
  expect([null, 0, 8, 9, 18, 500, -1].map((position) => snapshotAt(snapshots, position))).toEqual([
    2, 0, 0, 1, 1, 2, 0,
  ]);
  expect(snapshotAt([], null)).toBe(-1);
});

const images = (pixels: number[], scale = 1.27): WeightImages => ({
  shown: 2,
  units: 2,
  rows: 1,
  columns: pixels.length / 2,
  scale,
  pixels: Int8Array.from(pixels),
});

test("weights are painted by their sign, opaque, and summed up as numbers", () => {
  const table = divergingTable("light");
  const [negative, zero, positive] = [0, 127, 254].map((at) => [...table.subarray(at * 4, at * 4 + 4)]);
  // As the sandbox's lines and maps: blue above 0, orange below.
  const [[red, , blue], [other, , orange]] = [runStyle(0), runStyle(1)].map(({ color }) =>
    [1, 3, 5].map((k) => Number.parseInt(color.slice(k, k + 2), 16)),
  );
  expect(Math.sign(positive[2] - positive[0])).toBe(Math.sign(blue - red));
  expect(Math.sign(negative[2] - negative[0])).toBe(Math.sign(orange - other));
  const dark = divergingTable("dark");
  expect(dark[254 * 4 + 2]).toBeGreaterThan(dark[254 * 4]);
  expect(dark[0]).toBeGreaterThan(dark[2]);
  expect(zero).toEqual([247, 247, 245, 255]);
  expect([...weightPixels(images([-127, 0, 127, 5]), 0, table)]).toEqual([...negative, ...zero]);
  expect(unitSummary(images([-127, 0, 127, 5]), 1)).toMatchObject({ smallest: 0.05, largest: 1.27 });
});

test("the change of weights is that of the weights, not of the bytes", () => {
  const change = weightChange(images([100, 0, 0, -50], 2.54), images([100, 0, 0, -100], 1.27));
  expect(change.scale).toBeCloseTo(1, 6);
  expect([...change.pixels]).toEqual([127, 0, 0, 0]);
});

test("every unit has its place in the grid, at any width", () => {
  for (const width of [44, 280, 360, 1400]) {
    const { across, lines, cellWidth } = gridOf(100, width, 28, 28);
    expect(across * lines).toBeGreaterThanOrEqual(100);
    expect(across * (cellWidth + 2) - 2).toBeLessThanOrEqual(width);
  }
});
