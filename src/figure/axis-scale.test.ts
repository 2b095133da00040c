import { expect, test } from "vitest";
import { axisScale } from "./axis-scale.ts";
import type { Axis, PlanePanel } from "./figure-spec.ts";

const labelsOf = (x: Axis) => {
  const panel: PlanePanel = { kind: "plane", x, y: { label: "" }, layers: [] };
  return axisScale(panel, "x", [0, 800], { language: "en", panelWidth: 800 }).ticks.map(({ label }) => label);
};

test("an axis that counts is marked at whole numbers, however few there are", () => {
  expect(labelsOf({ label: "", domain: [0, 2], whole: true })).toEqual(["0", "1", "2"]);
  expect(labelsOf({ label: "", domain: [-0.5, 3.5], whole: true })).toEqual(["0", "1", "2", "3"]);
  expect(labelsOf({ label: "", domain: [0, 2000], whole: true })).toEqual(labelsOf({ label: "", domain: [0, 2000] }));
  expect(labelsOf({ label: "", domain: [0, 2] })).toContain("0.4");
});

test("where a zoom leaves no two whole numbers, an axis that counts is marked as any other", () => {
  const within = { label: "", domain: [3.2, 3.9] } as const;
  expect(labelsOf({ ...within, whole: true })).toEqual(labelsOf(within));
});

const ticksOf = (axis: Partial<Axis>) =>
  axisScale({ kind: "plane", x: { label: "x", ...axis }, y: { label: "y" }, layers: [] }, "x", [0, 400], {
    language: "en",
    panelWidth: 400,
  }).ticks.map(({ value }) => value);

test.each(["linear", "log"] as const)("a %s axis that runs backwards has the ticks of one that does not", (scale) => {
  const forth = ticksOf({ scale, domain: [1, 1000] });
  expect(forth.length).toBeGreaterThan(2);
  expect(ticksOf({ scale, domain: [1000, 1] })).toEqual(forth);
});
