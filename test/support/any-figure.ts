import fc from "fast-check";
import type { Axis, FigureSpec, Grid, Layer, Panel } from "../../src/figure/figure-spec.ts";

/** Numbers at which drawings fail: the ends of what a float64 can be, everyday ones, and what is no number. */
const finite = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.5, 16, 1e-9, 1e9, 1e16, 1e100, -1e100, 1e300, -1e300, 1e-300),
  fc.constantFrom(Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -Number.MIN_VALUE, 2 ** -1022),
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const any = fc.oneof(
  { weight: 6, arbitrary: finite },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);
const gappy = fc.oneof({ weight: 9, arbitrary: any }, { weight: 1, arbitrary: fc.constant(null) });

const list = <T>(value: fc.Arbitrary<T>, n: number) => fc.array(value, { minLength: n, maxLength: n });
const count = fc.integer({ min: 0, max: 12 });
const style = fc.nat(9);
const domain = fc
  .tuple(finite, finite)
  .filter(([a, b]) => a !== b)
  .map(([a, b]): [number, number] => (a < b ? [a, b] : [b, a]));

const axis: fc.Arbitrary<Axis> = fc.record(
  { label: fc.constantFrom("", "x"), domain, scale: fc.constantFrom("linear", "log") },
  { requiredKeys: ["label"] },
);

const ascending = (n: number) =>
  fc.uniqueArray(finite, { minLength: n, maxLength: n }).map((values) => values.sort((a, b) => a - b));
const grid = (value: fc.Arbitrary<number | null>): fc.Arbitrary<Grid> =>
  fc
    .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 4 }))
    .chain(([columns, rows]) =>
      fc.record({ x: ascending(columns), y: ascending(rows), z: list(value, columns * rows) }),
    );

const layer: fc.Arbitrary<Layer> = count.chain((n) =>
  fc.oneof(
    fc.record({
      kind: fc.constant("curve" as const),
      name: fc.constantFrom("a", "b"),
      style,
      role: fc.constantFrom("raw" as const, "smooth" as const, "line" as const),
      x: list(any, n),
      y: list(gappy, n),
      markEvery: fc.constantFrom(1, 3, undefined),
    }),
    fc.record({
      kind: fc.constant("path" as const),
      name: fc.constant("p"),
      style,
      x: list(gappy, n),
      y: list(gappy, n),
    }),
    fc.record({ kind: fc.constant("contour" as const), grid: grid(gappy), levels: list(finite, 3) }),
    fc.record({
      kind: fc.constant("heat" as const),
      grid: grid(gappy),
      colors: fc.record({ label: fc.constant("h"), domain }),
    }),
    fc.record({ kind: fc.constant("bars" as const), style, edges: ascending(n + 1), counts: list(any, n) }),
    fc.record({
      kind: fc.constant("spans" as const),
      style,
      low: list(any, n),
      high: list(any, n),
      y: list(any, n),
      height: fc.constantFrom(0.6, 1e300),
    }),
    fc.record({
      kind: fc.constant("band" as const),
      style,
      x: list(any, n),
      low: list(gappy, n),
      high: list(gappy, n),
    }),
    fc.record({
      kind: fc.constant("points" as const),
      marker: fc.constantFrom("dot" as const, "ring" as const, "cross" as const),
      style,
      x: list(any, n),
      y: list(any, n),
      value: list(gappy, n),
    }),
    fc.record({
      kind: fc.constant("rule" as const),
      axis: fc.constantFrom("x" as const, "y" as const),
      at: any,
      label: fc.constantFrom("here", undefined),
    }),
    fc.record({ kind: fc.constant("label" as const), x: any, y: any, text: fc.constant("word") }),
  ),
);

const panel: fc.Arbitrary<Panel> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("plane" as const),
      x: axis,
      y: axis,
      layers: fc.array(layer, { maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("surface" as const),
      x: axis,
      y: axis,
      z: axis,
      grid: grid(gappy),
      azimuth: fc.constant(-60),
      elevation: fc.constant(30),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 3 }).chain((axes) =>
      fc.record({
        kind: fc.constant("parallel" as const),
        axes: list(fc.record({ label: fc.constant("q"), domain }), axes),
        lines: fc.array(fc.record({ at: list(gappy, axes), value: gappy }), { maxLength: 4 }),
        colors: fc.record({ label: fc.constant("c"), domain }),
      }),
    ),
  },
);

/** Figures of every kind of panel and layer over all numbers there are. */
export const anyFigure: fc.Arbitrary<FigureSpec> = fc.record({
  id: fc.constant("any"),
  title: fc.constant("any"),
  columns: fc.constant(2),
  panels: fc.array(panel, { minLength: 1, maxLength: 2 }),
});
