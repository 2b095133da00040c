import { expect, test } from "vitest";
import { bandPolygons } from "./band-shapes.ts";

test("where a column of pixels has many points, a band is as wide there as the widest of them", () => {
  const x = Array.from({ length: 90 }, (_, i) => i);
  const axes = { x: { domain: [0, 90] }, y: { domain: [0, 10] }, width: 3 } as const;
  const band = {
    kind: "band",
    style: 0,
    x,
    low: x.map((i) => (i === 12 ? 1 : 4)),
    high: x.map((i) => (i === 9 ? 9 : 5)),
  };
  const [polygon] = bandPolygons(band as never, axes);
  const heights = polygon.map(([, y]) => Number(y.toPrecision(6)));
  expect([Math.min(...heights), Math.max(...heights), polygon.length]).toEqual([0.1, 0.9, 6]);
});
