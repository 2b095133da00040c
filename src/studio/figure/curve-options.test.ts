import { expect, test } from "vitest";
import type { RunRecord } from "../../core/record.ts";
import type { Curve, FigureSpec, PlanePanel } from "../../figure/figure-spec.ts";
import { smoothCurve } from "../../figure/smooth.ts";
import { abscissaOf, countUntil, exponential, recordUntil, withAbscissa, withSmoothing } from "./curve-options.ts";

const y = Array.from({ length: 30 }, (_, i) => (i % 3) + i / 10);
const x = y.map((_, i) => i);
const figure: FigureSpec = {
  id: "f",
  title: "f",
  columns: 1,
  panels: [
    {
      kind: "plane",
      x: { label: { en: "iterations", ja: "更新回数" }, domain: [0, 29] },
      y: { label: "loss" },
      layers: [
        { kind: "curve", name: "a", style: 0, role: "raw", x, y },
        { kind: "curve", name: "a", style: 0, role: "smooth", x, y: smoothCurve(y) },
        { kind: "rule", axis: "x", at: 10 },
        { kind: "rule", axis: "y", at: 10 },
      ],
    },
    { kind: "plane", x: { label: "epochs" }, y: { label: "" }, layers: [{ kind: "label", x: 3, y: 1, text: "w" }] },
  ],
};
const layersOf = (spec: FigureSpec) =>
  (spec.panels[0] as PlanePanel).layers as unknown as { x: number[]; y: number[] }[];

test("a record is cut after the iteration looked at, its notes too", () => {
  const record = {
    series: [{ run: "a", tags: {}, metric: "loss", x: [0, 1, 2, 5], y: [3, 2, null, 1] }],
    events: [
      { kind: "a", run: "a", tags: {} },
      { kind: "b", run: "a", tags: {}, step: 3 },
    ],
  } as unknown as RunRecord;
  expect(recordUntil(record, 2).series[0]).toMatchObject({ x: [0, 1, 2], y: [3, 2, null] });
  expect(recordUntil(record, 2).events.map(({ kind }) => kind)).toEqual(["a"]);
  expect(recordUntil(record, 9).series[0]).toBe(record.series[0]);
  expect([-1, 0, 4, 5, 6].map((at) => countUntil([0, 1, 2, 5], at))).toEqual([0, 1, 3, 4, 4]);
});

test("exponential smoothing of strength 0 changes nothing, and a constant stays what it is at any strength", () => {
  expect(exponential([1, null, 3], 0)).toEqual([1, null, 3]);
  for (const value of exponential([2, 2, 2, null, 2], 0.99)) {
    expect(value === null || Math.abs(value - 2) < 1e-12).toBe(true);
  }
  const [, second] = exponential([0, 1], 0.5);
  expect(second).toBeCloseTo(2 / 3, 12);
});

test("the strength smooths what was measured and leaves the measured curve", () => {
  expect(withSmoothing(figure, "book")).toBe(figure);
  const [raw, smooth] = layersOf(withSmoothing(figure, 0.9));
  expect(raw.y).toBe(y);
  expect(smooth.y).toEqual(exponential(y, 0.9));
});

test("epochs are iterations times rows of a batch over rows of the data, on axes that count iterations only", () => {
  const clock = { batchSize: 100, trainRows: 1000, clock: [] };
  const drawn = withAbscissa(figure, "epoch", clock);
  expect((drawn.panels[0] as PlanePanel).x).toMatchObject({ label: { en: "epochs" }, domain: [0, 2.9] });
  expect(layersOf(drawn)[0].x[20]).toBeCloseTo(2, 12);
  expect(layersOf(drawn).slice(2)).toMatchObject([{ at: 1 }, { at: 10 }]);
  expect(drawn.panels[1]).toBe(figure.panels[1]);
  expect(withAbscissa(figure, "iteration", clock)).toBe(figure);
});

test("seconds lie on straight lines between the moments known", () => {
  const at = abscissaOf("seconds", {
    batchSize: 1,
    trainRows: 1,
    clock: [
      [10, 1],
      [20, 3],
    ],
  });
  expect([0, 5, 10, 15, 20, 30].map(at)).toEqual([0, 0.5, 1, 2, 3, 5]);
  expect(abscissaOf("seconds", { batchSize: 1, trainRows: 1, clock: [] })(7)).toBe(0);
});

test("where a curve breaks off goes along with its points", () => {
  const [first] = (figure.panels[0] as PlanePanel).layers as Curve[];
  const broken = { ...first, broken: { ...first.broken, x: 20 } } as Curve;
  const spec = { ...figure, panels: [{ ...(figure.panels[0] as PlanePanel), layers: [broken] }] };
  const [drawn] = layersOf(withAbscissa(spec, "epoch", { batchSize: 100, trainRows: 1000, clock: [] }));
  expect(drawn).toMatchObject({ broken: { x: 2 } });
});

test("of a run that nobody watched the seconds go evenly to its last iteration", () => {
  const at = abscissaOf("seconds", { batchSize: 1, trainRows: 1, clock: [[100, 8]] });
  expect([0, 25, 100].map(at)).toEqual([0, 2, 8]);
});
