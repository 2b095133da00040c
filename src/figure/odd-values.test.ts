import { expect, test } from "vitest";
import type { PlanePanel } from "./figure-spec.ts";
import { oddMarks } from "./odd-values.ts";

const kindsOf = (domain: readonly [number, number]) => {
  const y = [1, Number.POSITIVE_INFINITY, 1, Number.NEGATIVE_INFINITY, 1, Number.NaN];
  const layers = [{ kind: "curve", name: "a", style: 0, role: "line", x: y.map((_, i) => i), y }] as const;
  const panel: PlanePanel = { kind: "plane", x: { label: "x" }, y: { label: "y", domain }, layers };
  return oddMarks(panel).map(({ kind }) => kind);
};

test("infinities stand at the ends they lie beyond, whichever way the axis runs", () => {
  expect(kindsOf([0, 2])).toEqual(["above", "below", "lost"]);
  expect(kindsOf([2, 0])).toEqual(["below", "above", "lost"]);
});
