import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { shareAlong, valueAlong } from "../../src/figure/along.ts";
import { drawFigure, placeFigure } from "../../src/figure/drawing/draw-figure.ts";
import type { PlanePlace } from "../../src/figure/drawing/plane-place.ts";
import type { FigureSpec } from "../../src/figure/figure-spec.ts";
import { themes } from "../../src/figure/style.ts";
import { renderPng } from "../../src/node/figure/png.ts";
import { Renderer } from "../../src/node/figure/renderer.ts";
import { anyFigure } from "../support/any-figure.ts";
import { curve, manyPoints, pathOf, plane, svg, terminal } from "../support/drawings.ts";
import { strictCanvas, withoutPath2D } from "../support/strict-canvas.ts";

withoutPath2D();
const renderer = new Renderer();
afterAll(() => renderer.close());

test("a curve wholly beyond its axis leaves no empty group, and its PNG is a picture (png-clipped)", async () => {
  const figure = plane([curve([16, 16, 16])], { domain: [0, 1] });
  expect(svg(figure)).not.toContain("clip-path");
  const { png } = await renderPng(figure, { language: "en", width: 320 });
  expect(new DataView(png.buffer, png.byteOffset).getUint32(16)).toBe(640);
});

test("a curve of one point is seen, as a mark; the panel of a run of one iteration was empty", () => {
  const marks = (y: readonly number[]) => svg(plane([curve([...y])])).match(/<path transform="translate/g)?.length ?? 0;
  expect(marks([0.5])).toBe(1);
  expect(marks([0.5, 0.6])).toBe(0);
});

test("a logarithmic axis between two numbers that have one logarithm has a place for each", () => {
  const span = { domain: [1.7976931348621712e308, Number.MAX_VALUE], scale: "log" } as const;
  expect(Math.log(span.domain[0])).toBe(Math.log(span.domain[1]));
  expect([...span.domain, 0].map((value) => shareAlong(value, span))).toEqual([0, 1, Number.NaN]);
  expect([0, 1].map((share) => valueAlong(share, span))).toEqual(span.domain);
});

describe("any finite number can be drawn, and what is not finite does no harm", () => {
  test("in every kind of panel and layer, as SVG and PNG, on a canvas and in the terminal", async () => {
    await fc.assert(
      fc.asyncProperty(anyFigure, async (figure) => {
        const markup = svg(figure);
        expect(markup).not.toMatch(/NaN|Infinity|undefined/);
        expect(markup).not.toMatch(/<g clip-path="[^"]*"[^>]*><\/g>/);
        const places = markup.replaceAll(/>[^<]*<\/text>/g, "");
        for (const [, digits] of places.matchAll(/[ ,(ML"](-?\d+(?:\.\d+)?)/g)) {
          expect(Math.abs(Number(digits)), digits).toBeLessThan(1e4);
        }
        expect(terminal(figure)).not.toMatch(/NaN|Infinity|undefined/);
        drawFigure(strictCanvas(), placeFigure(figure, { language: "en", width: 320 }), themes.light);
        expect((await renderer.png(markup)).length).toBeGreaterThan(100);
      }),
      { numRuns: process.env.TANREN_FIGURES === undefined ? 60 : Number(process.env.TANREN_FIGURES) },
    );
  });
});

describe("a line that leaves the panel is seen up to where it crosses the frame", () => {
  /** Where the path of the only curve is at the panel's top or bottom edge, as shares of its width. */
  const crossings = (figure: FigureSpec) => {
    const points = pathOf(svg(figure, 1000));
    const [frame] = placeFigure(figure, { language: "en", width: 1000 }).planes as [PlanePlace];
    const found: number[] = [];
    for (const piece of points.split("M").slice(1)) {
      const line = piece.split("L").map((point) => point.split(",").map(Number));
      line.slice(1).forEach(([x1, y1], i) => {
        const [x0, y0] = line[i];
        if (y0 < frame.top !== y1 < frame.top) {
          const x = x0 + ((frame.top - y0) / (y1 - y0)) * (x1 - x0);
          found.push((x - frame.left) / (frame.right - frame.left));
        }
      });
    }
    return found;
  };

  test.each([
    ["a little beyond", 1.5, [1 / 6, 5 / 6]],
    ["far beyond", 1e6, [0.25, 0.75].map((x) => x)],
    ["as far as there are numbers", Number.MAX_VALUE, [0.25, 0.75]],
  ])("%s", (_, peak, expected) => {
    const figure = plane([curve([0.5, 0.5, peak, 0.5, 0.5])], { domain: [0, 1] });
    const seen = crossings(figure);
    expect(seen).toHaveLength(2);
    const exact = peak === 1.5 ? [0.25 + 0.25 * 0.5, 0.75 - 0.25 * 0.5] : expected;
    seen.forEach((x, i) => {
      expect(x).toBeCloseTo(exact[i], 2);
    });
  });

  test("that crosses the whole panel between two points outside", () => {
    const figure = plane([curve([-1e9, 1e9], [0, 1])], { domain: [0, 1] });
    expect(crossings(figure)[0]).toBeCloseTo(0.5, 2);
  });
});

describe("what is no number has a look of its own", () => {
  const odd = plane([
    curve([0.2, 0.4, Number.NaN, Number.NaN, 0.3, Number.POSITIVE_INFINITY, 0.1, Number.NEGATIVE_INFINITY]),
  ]);

  test("in the terminal and its legend", () => {
    const drawn = terminal(odd);
    for (const [sign, name] of [
      ["⊗", "not a number from here"],
      ["▲", "infinite"],
      ["▼", "−infinite, or 0 and less on a log axis"],
    ]) {
      expect(drawn).toContain(`${sign} ${name}`);
      expect(drawn.split(sign)).toHaveLength(3);
    }
  });

  test("in the drawing and its legend: a triangle at the frame, a circled cross where the line ends", () => {
    const markup = svg(odd);
    for (const name of ["not a number from here", "infinite", "−infinite, or 0 and less on a log axis"]) {
      expect(markup).toContain(`>${name}</text>`);
    }
  });

  test("0 and less on a log axis as well; a gap that was meant has none", () => {
    expect(terminal(plane([curve([1, 0.1, 0, -3, 0.1])], { scale: "log" }))).toContain("▼");
    expect(terminal(plane([curve([1, null, 0.5])]))).not.toMatch(/[⊗▲▼]/);
  });
});

test("very many points are a small drawing, quickly made, in every layer", () => manyPoints(30_000));
