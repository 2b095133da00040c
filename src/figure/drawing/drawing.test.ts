import { expect, test } from "vitest";
import { axisScale } from "../axis-scale.ts";
import { dataRange, domainOf } from "../domain.ts";
import type { PlanePanel } from "../figure-spec.ts";
import { pixelWidth } from "../text-width.ts";
import { linearLabel, linearTicks, logLabel, logTicks, niceDomain, tickStep } from "../ticks.ts";
import { contourLines } from "./contour-lines.ts";
import { upright } from "./draw-plane.ts";
import { traceCurve } from "./trace.ts";

test("ticks are round numbers inside the range, exact where decimals are", () => {
  expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(linearTicks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
  expect(linearTicks(-7, 13, 4)).toEqual([-5, 0, 5, 10]);
  expect(linearTicks(0, 2000, 8)).toEqual([0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000]);
  expect(linearTicks(3, 3, 5)).toEqual([3]);
  expect(niceDomain(0.13, 0.97)).toEqual([0.1, 1]);
  expect(niceDomain(1, 1998)).toEqual([0, 2000]);
});

test("labels have the decimals of their step, groups of three and a true minus", () => {
  expect(linearTicks(0, 2, 4).map((value) => linearLabel(value, tickStep(0, 2, 4)))).toEqual([
    "0.0",
    "0.5",
    "1.0",
    "1.5",
    "2.0",
  ]);
  expect(linearLabel(-1234567, 1)).toBe("−1,234,567");
  expect(linearLabel(-0.001, 0.1)).toBe("0.0");
  expect([1e-5, 0.2, 1, 2000, 1e6].map(logLabel)).toEqual(["1e-5", "2e-1", "1", "2,000", "1e6"]);
});

test("log ticks are powers of ten, thinned where they are many, finer where they are few", () => {
  expect(logTicks(1e-3, 1, 8)).toEqual([1e-3, 1e-2, 1e-1, 1]);
  expect(logTicks(1e-12, 1, 4).length).toBeLessThanOrEqual(5);
  expect(logTicks(0.15, 0.8, 5)).toEqual([0.2, 0.5]);
  expect(logTicks(2, 2.5, 5).length).toBeGreaterThan(1);
});

const panel = (layers: PlanePanel["layers"], y: Partial<PlanePanel["y"]> = {}): PlanePanel => ({
  kind: "plane",
  x: { label: "x" },
  y: { label: "y", ...y },
  layers,
});

test("a log axis leaves out what is not positive, and begins at the least value where 0 was asked for", () => {
  const layers = [{ kind: "curve", name: "a", style: 0, role: "line", x: [0, 1, 2], y: [0, 0.02, null] }] as const;
  expect(dataRange(panel(layers), "y", true)).toEqual([0.002, 0.2]);
  expect(domainOf(panel(layers, { domain: [0, 1], scale: "log" }), "y")).toEqual([0.001, 1]);
  const scale = axisScale(panel(layers, { scale: "log", domain: [0.01, 1] }), "y", [200, 0], {
    language: "en",
    panelWidth: 300,
  });
  expect(scale.at(0.1)).toBeCloseTo(100, 9);
  expect(scale.back(100)).toBeCloseTo(0.1, 9);
  expect(scale.at(0)).toBeNaN();
});

test("a figure without data still has axes", () => {
  expect(domainOf(panel([]), "x")).toEqual([0, 1]);
  expect(domainOf(panel([], { scale: "log" }), "y")).toEqual([0.1, 1]);
});

/** Records what a pen draws, as polylines. */
function drawn(x: readonly number[], y: readonly (number | null)[], width: number) {
  const lines: [number, number][][] = [];
  const scale = (x.at(-1) as number) / width;
  traceCurve({ moveTo: (px, py) => lines.push([[px, py]]), lineTo: (px, py) => lines.at(-1)!.push([px, py]) }, x, y, {
    atX: (value) => value / scale,
    atY: (value) => value,
    width,
  });
  return lines;
}

test("a curve thinned to columns of pixels keeps every column's extremes, its first and its last point", () => {
  const n = 20_000;
  const x = Array.from({ length: n }, (_, i) => i);
  const y = x.map((i) => Math.sin(i * 12.9898) * 43758.5453 - Math.floor(Math.sin(i * 12.9898) * 43758.5453));
  y[7777] = 9;
  y[12345] = -9;
  const [line, ...more] = drawn(x, y, 100);
  expect(more).toEqual([]);
  expect(line.length).toBeLessThanOrEqual(4 * 101);
  const columnOf = (i: number) => Math.floor(i / ((n - 1) / 100));
  for (const column of [0, 17, 38, 61, 99]) {
    const values = y.filter((_, i) => columnOf(i) === column);
    const seen = line.filter(([px]) => Math.floor(px) === column).map(([, py]) => py);
    expect(Math.max(...seen)).toBe(Math.max(...values));
    expect(Math.min(...seen)).toBe(Math.min(...values));
  }
  expect(line[0]).toEqual([0, y[0]]);
  expect(line.at(-1)![1]).toBe(y.at(-1));
});

test("a curve breaks where it has a gap, thinned or not", () => {
  const x = Array.from({ length: 5000 }, (_, i) => i);
  const y = x.map((i) => (i > 2000 && i < 2600 ? null : i % 7));
  expect(drawn(x, y, 100).length).toBe(2);
  expect(drawn(x.slice(0, 30), [1, null, 2, 3, ...x.slice(4, 30)], 100).length).toBe(2);
});

test("contour lines lie where the field has their level", () => {
  const at = Array.from({ length: 21 }, (_, i) => (i - 10) / 2);
  const grid = { x: at, y: at, z: at.flatMap((y) => at.map((x) => x + 2 * y)) };
  const lines = contourLines(grid, [1, 3.3]);
  expect(lines).toHaveLength(2);
  for (const [x, y] of lines.flat()) {
    expect(Math.min(Math.abs(x + 2 * y - 1), Math.abs(x + 2 * y - 3.3))).toBeLessThan(1e-9);
  }
  expect(contourLines(grid, [1, 3.3])).toBe(lines);
  expect(contourLines({ ...grid, z: grid.z.map(() => null) }, [1])).toEqual([]);
});

test("an axis's name stands whole in its panel, however low that is", () => {
  for (const name of ["loss", "last training accuracy", "最後の訓練データの認識精度"]) {
    for (const height of [110, 140, 400]) {
      const { size, middle } = upright(name, { from: 50, to: 50 + height, middle: 35 + height / 2 });
      const half = pixelWidth(name, size) / 2;
      expect(middle - half).toBeGreaterThanOrEqual(49.999);
      expect(middle + half).toBeLessThanOrEqual(50.001 + height);
      expect(size).toBeGreaterThanOrEqual(6);
    }
  }
  expect(upright("loss", { from: 0, to: 300, middle: 135 })).toEqual({ size: 11, middle: 135 });
});
