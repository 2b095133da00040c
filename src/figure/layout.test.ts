import fc from "fast-check";
import { expect, test } from "vitest";
import { placeFigure } from "./drawing/draw-figure.ts";
import type { PlanePanel } from "./figure-spec.ts";

const panelOf = ({ name, aspect, ticks }: { name: string; aspect: number; ticks: boolean }): PlanePanel => ({
  kind: "plane",
  namesAtEnds: name !== "",
  aspect,
  x: ticks ? { label: "x", tickLabels: ["a name that is turned", "another"] } : { label: "x", domain: [0, 1] },
  y: { label: "y", domain: [0, 1] },
  layers: [{ kind: "curve", name: name || "a", style: 0, role: "line", x: [0, 1], y: [0, 1] }],
});

test("panels with axes in one row have plots of one height, and every row's end at the same places", () => {
  const panel = fc.record({
    name: fc.constantFrom("", "SGD", "a name that is rather long"),
    aspect: fc.constantFrom(0.4, 0.62, 0.9),
    ticks: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(panel, { minLength: 2, maxLength: 7 }), fc.integer({ min: 300, max: 1900 }), (of, width) => {
      const panels = of.map(panelOf);
      const { planes, boxes, height } = placeFigure(
        { id: "rows", title: "rows", columns: 2, panels },
        { language: "en", width },
      );
      const rows = Map.groupBy(
        planes.map((place) => place!),
        ({ top }) => top,
      );
      for (const row of rows.values()) {
        expect(new Set(row.map(({ bottom }) => bottom)).size).toBe(1);
      }
      expect(new Set(planes.map((place) => place!.box.x + place!.box.width - place!.right)).size).toBe(1);
      planes.forEach((place, i) => {
        const asked = (place!.right - place!.left) * (place!.panel.aspect ?? 0);
        expect(place!.bottom - place!.top).toBeGreaterThan(asked - 1);
        expect(place!.bottom + place!.margins.bottom).toBeLessThanOrEqual(boxes[i].top + boxes[i].height);
        expect(boxes[i].top + boxes[i].height).toBeLessThanOrEqual(height);
      });
    }),
  );
});
