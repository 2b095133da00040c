import { expect, test } from "vitest";
import { gallery } from "../../../test/figures/gallery.ts";
import { placeFigure } from "../../figure/drawing/draw-figure.ts";
import type { FigureSpec, Layer, PlanePanel } from "../../figure/figure-spec.ts";
import { applyView, canBeLog, endValues, hasTable, pointTable, readable, summaryOf, valueText } from "./figure-view.ts";
import { crosshairAt, crosshairText, nearestStop, stopsOf } from "./reading.ts";

const curve = (name: string, style: number, y: (number | null)[], role: "raw" | "smooth" | "line" = "line") =>
  ({ kind: "curve", name: { en: name, ja: `${name}線` }, style, role, x: y.map((_, i) => 10 * i), y }) as const;
const figure: FigureSpec = {
  id: "f",
  title: { en: "Losses", ja: "損失" },
  columns: 1,
  panels: [
    {
      kind: "plane",
      x: { label: { en: "iterations", ja: "更新回数" } },
      y: { label: "loss", domain: [0, 1], ticks: [0, 1] },
      layers: [
        { kind: "band", style: 1, x: [0, 10], low: [0, 0], high: [1, 1] },
        curve("a", 0, [1, 0.5, 0.25], "raw"),
        curve("a", 0, [1, 0.6, 0.3], "smooth"),
        curve("b", 1, [0.9, null]),
      ],
    },
  ],
};
const plane = (spec: FigureSpec) => spec.panels[0] as PlanePanel;

test("a view that changes nothing gives the figure itself", () => {
  expect(applyView(figure, {})).toBe(figure);
  expect(applyView(figure, { logX: false, hidden: [], zoom: {} })).toBe(figure);
});

test("a hidden run goes with everything of it: measured, smoothed, its band", () => {
  const kinds = (hidden: string[]) => plane(applyView(figure, { hidden })).layers.map(({ kind }) => kind);
  expect(kinds(["a"])).toEqual(["band", "curve"]);
  expect(kinds(["b"])).toEqual(["curve", "curve"]);
});

test("a log axis has ticks of its own, and only curves may have one", () => {
  const { y } = plane(applyView(figure, { logY: true }));
  expect(y).toMatchObject({ scale: "log", domain: [0, 1] });
  expect(y.ticks).toBeUndefined();
  expect(gallery.panels.map((panel) => canBeLog(panel, "x"))).toEqual([
    true,
    ...new Array(gallery.panels.length - 1).fill(false),
  ]);
});

test("a zoomed panel shows the part chosen, the others stay", () => {
  const { x, y } = plane(applyView(figure, { zoom: { 0: { x: [2, 8], y: [0.1, 0.2] } } }));
  expect([x.domain, y.domain]).toEqual([
    [2, 8],
    [0.1, 0.2],
  ]);
});

test("the summary names figure and last values, in both languages", () => {
  expect(summaryOf(figure, "en")).toBe("Losses. Last values of the curves: a 0.3, b not a number.");
  expect(summaryOf(figure, "ja")).toBe("損失。曲線の最後の値: a線 0.3、b線 数値なし。");
  expect(endValues(figure, "en").length).toBe(2);
  expect(summaryOf({ ...gallery, panels: gallery.panels.slice(4, 6) }, "en")).toBe(
    "Every kind of layer. a surface, a field in colours.",
  );
});

test("the table has a row an x and a column a curve", () => {
  const table = pointTable(plane(figure), "en");
  expect(table.columns).toEqual(["iterations", "a", "b"]);
  expect(table.page(1, 5)).toEqual([
    [10, 0.6, null],
    [20, 0.3, null],
  ]);
  expect(hasTable(figure)).toBe(true);
  expect(readable(plane(figure)).length).toBe(2);
});

test("the crosshair stands at points that there are and tells every curve that reaches them", () => {
  const place = placeFigure(figure, { language: "en", width: 400, parts: "panels" }).planes[0]!;
  const stops = stopsOf(place);
  expect(stops).toEqual([0, 10, 20]);
  expect([-5, 4, 6, 14, 99].map((x) => nearestStop(stops, x))).toEqual([0, 0, 1, 1, 2]);
  expect(crosshairText(crosshairAt(place, 10, "en", null))).toBe("iterations 10, a 0.6, b –");
  expect(crosshairText(crosshairAt(place, 20, "ja", null))).toBe("更新回数 20, a線 0.3");
});

test("the crosshair reads every kind of panel that has axes", () => {
  const { planes } = placeFigure(gallery, { language: "en", width: 860, parts: "panels" });
  for (const place of planes.filter((p) => p !== null)) {
    const stops = stopsOf(place);
    expect(stops.length).toBeGreaterThan(1);
    expect([...stops].sort((a, b) => a - b)).toEqual([...stops]);
    if (!place.panel.layers.every(({ kind }) => kind === "spans")) {
      expect(crosshairAt(place, stops[1], "en", (place.top + place.bottom) / 2).readings.length).toBeGreaterThan(0);
    }
  }
});

test("numbers to be read have four digits and a true minus sign", () => {
  expect([0, 1 / 3, -1234.56, 1e-7, -2.5e8, null, Number.NaN].map(valueText)).toEqual([
    "0",
    "0.3333",
    "−1235",
    "1e-7",
    "−2.5e+8",
    "–",
    "–",
  ]);
});

test("each panel is zoomed by itself", () => {
  const two = { ...figure, panels: [figure.panels[0], figure.panels[0]] };
  const zoom = { 1: { x: [0, 5], y: [0.2, 0.4] } } as const;
  const [first, second] = applyView(two, { zoom }).panels as PlanePanel[];
  expect([first.x.domain, first.y.domain]).toEqual([undefined, [0, 1]]);
  expect([second.x.domain, second.y.domain]).toEqual([
    [0, 5],
    [0.2, 0.4],
  ]);
});

test("of bars the one under the crosshair is read, of a field its largest value, or that under the pointer", () => {
  const axes = { x: { label: "x" }, y: { label: "y" } } as const;
  const bars: Layer = { kind: "bars", style: 0, edges: [0, 1, 2, 3], counts: [5, 7, 9] };
  const heat: Layer = {
    kind: "heat",
    grid: { x: [0, 1], y: [0, 1, 2], z: [1, 2, 8, 4, 5, 6] },
    colors: { label: "z", domain: [1, 8] },
  };
  const spec: FigureSpec = {
    ...figure,
    panels: [bars, heat].map((layer) => ({ kind: "plane", ...axes, layers: [layer] })),
  };
  const [first, second] = placeFigure(spec, { language: "en", width: 400, parts: "panels" }).planes;
  expect(crosshairText(crosshairAt(first!, 1.5, "en", null))).toBe("x 1.5, 1 – 2 7");
  expect(crosshairText(crosshairAt(second!, 0, "en", null))).toBe("x 0, 1 8");
  expect(crosshairText(crosshairAt(second!, 0, "en", second!.y.at(2)))).toBe("x 0, 2 5");
});
