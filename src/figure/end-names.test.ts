import fc from "fast-check";
import { expect, test } from "vitest";
import { endNames, endRoom } from "./end-names.ts";
import type { PlanePanel } from "./figure-spec.ts";
import { oddMarks } from "./odd-values.ts";

const panelOf = (ends: readonly number[], more: object = {}): PlanePanel => ({
  kind: "plane",
  namesAtEnds: true,
  x: { label: "x", domain: [0, 1] },
  y: { label: "y", domain: [0, 1] },
  layers: ends.map((end, style) => ({
    kind: "curve",
    name: `run ${style}`,
    style,
    role: "line",
    x: [0, 1],
    y: [1, end],
    ...more,
  })),
});
const place = {
  language: "en",
  x: { at: (value: number) => 40 + 500 * value },
  y: { at: (value: number) => 300 - 280 * value },
  top: 20,
  bottom: 300,
  right: 640,
} as const;

test("names at the ends of curves stay in the panel and never cover one another, wherever the curves end", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 12 }), (ends) => {
      const names = endNames(panelOf(ends), place);
      expect(names).toHaveLength(ends.length);
      const heights = names.map(({ y }) => y).sort((a, b) => a - b);
      expect(heights.slice(1).every((y, i) => y - heights[i] > 12.9)).toBe(true);
      expect(heights[0]).toBeGreaterThan(place.top - 1);
      expect(heights.at(-1)).toBeLessThan(place.bottom + 6);
    }),
  );
});

test("a curve that is told from the right to the left has its name at its right end, too", () => {
  const [right] = endNames(panelOf([0.5], { x: [0, 1], y: [0.2, 0.5] }), place);
  expect(endNames(panelOf([0.5], { x: [1, 0], y: [0.5, 0.2] }), place)).toEqual([right]);
});

test("a panel without the wish, or too narrow, keeps no room for names", () => {
  expect(endRoom(panelOf([0, 1]), 300, "en")).toBe(0);
  expect(endRoom({ ...panelOf([0, 1]), namesAtEnds: false }, 800, "en")).toBe(0);
  expect(endRoom(panelOf([0, 1]), 800, "en")).toBeGreaterThan(30);
  expect(endRoom(panelOf([0, 1], { name: "a name much too long for the end of a curve" }), 800, "en")).toBe(0);
});

test("where one name has no room the others are not there either", () => {
  const panel = panelOf([0.2, 0.5]);
  expect(endNames(panel, { ...place, right: 590 })).toHaveLength(2);
  const [first, second] = panel.layers;
  const long = { ...panel, layers: [first, { ...second, name: "a name too long" } as typeof second] };
  expect(endNames(long, { ...place, right: 590 })).toEqual([]);
});

test("a run that diverged has one sign with its step, whether its later values are numbers, none or not finite", () => {
  for (const y of [
    [0.5, 0.1, 0.1, 0.1],
    [0.5, null, null, null],
    [0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NaN],
    [null, null, null, null],
  ]) {
    const panel = panelOf([0], { x: [0, 0.3, 0.6, 1], y, broken: { x: 0.3, step: 7 } });
    const marks = oddMarks(panel);
    expect(marks).toHaveLength(1);
    expect(marks[0]).toMatchObject({ kind: "broken", text: { en: "step 7", ja: "ステップ7" } });
  }
});

test("a run that has not come to the step at which it will diverge has no sign yet", () => {
  expect(oddMarks(panelOf([0.2], { broken: { x: 5, step: 5 } }))).toEqual([]);
});

test("a name that the panel has no room for is left out, and so is that of a curve without numbers", () => {
  expect(endNames(panelOf([0.2]), { ...place, right: 560 })).toEqual([]);
  expect(endNames(panelOf([0.2], { y: [null, null] }), place)).toEqual([]);
});
