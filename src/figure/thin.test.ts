import fc from "fast-check";
import { expect, test } from "vitest";
import { dense, evenly, thinBars, thinLine, thinMarks } from "./thin.ts";

const columns = 4;
/** Points enough to be thinned, several a column. */
const points = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: dense * columns + 1, maxLength: 80 });

test("of each pixel column a line keeps the first, the least, the largest and the last point, in their order", () => {
  fc.assert(
    fc.property(points, (ys) => {
      const columnWidth = ys.length / columns;
      const xs = ys.map((_, i) => i);
      const kept = thinLine(xs, ys, { columns, columnWidth }) as number[];
      expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
      for (let column = 0; column < columns; column++) {
        const within = xs.filter((x) => Math.floor(x / columnWidth) === column);
        const seen = kept.filter((i) => within.includes(i));
        expect(seen.length).toBeLessThanOrEqual(dense);
        expect([seen[0], seen.at(-1)]).toEqual([within[0], within.at(-1)]);
        const range = (places: number[]) => [Math.min, Math.max].map((of) => of(...places.map((i) => ys[i])));
        expect(range(seen)).toEqual(range(within));
      }
    }),
  );
});

test("a line is left as it is where its points can be shown, and keeps its gaps where not", () => {
  const few = Array.from({ length: dense * columns }, (_, i) => i);
  expect(thinLine(few, few, { columns, columnWidth: 4 })).toBeNull();
  const ys = Array.from({ length: 40 }, (_, i) => (i >= 10 && i < 20 ? Number.NaN : 0));
  const xs = ys.map((_, i) => i);
  expect(thinLine(xs, ys, { columns, columnWidth: 10 })).toEqual([0, 9, -1, 20, 29, 30, 39]);
});

test("of marks on top of one another the last that is drawn stays; those outside the panel go", () => {
  const panel = { width: 10, height: 10, margin: 0.1 };
  expect(thinMarks([0.5, -0.05, -0.2, 0.5], [0.5, 0.5, 0.5, 1.2], panel)).toEqual([0, 1]);
  const xs = Array.from({ length: 20_001 }, (_, i) => (i % 2 === 0 ? 0.25 : 0.75));
  expect(thinMarks(xs, xs, panel)).toEqual([19_999, 20_000]);
  // The first mark drawn anew lies above all that came between.
  const again = [...xs.map(() => 0.25), 0.75, 0.25];
  expect(thinMarks(again, again, panel)).toEqual([20_001, 20_002]);
});

test("places evenly chosen begin with the first and end with the last", () => {
  expect(evenly(10, 4)).toEqual([0, 3, 6, 9]);
  expect(evenly(9, 4)).toEqual([0, 3, 6, 8]);
  expect(evenly(3, 10)).toEqual([0, 1, 2]);
  expect(evenly(0, 4)).toEqual([]);
});

test("bars narrower than a pixel are one, as high as the highest", () => {
  const bars = { edges: [0, 1, 2, 3, 4, 5], counts: [5, 1, 2, 7, 3] };
  expect(thinBars(bars, { atX: (x) => x / 2, width: 3 })).toEqual({ edges: [0, 2, 4, 5], counts: [5, 7, 3] });
  expect(thinBars(bars, { atX: (x) => x, width: 5 })).toBe(bars);
});
