import fc from "fast-check";
import { expect, test } from "vitest";
import { languages } from "../core/text.ts";
import { withAbscissa } from "../studio/figure/curve-options.ts";
import type { Curve, FigureSpec } from "./figure-spec.ts";
import { legendOf } from "./legend.ts";
import { horizonParts, pastHorizonWords } from "./past-horizon.ts";
import { renderSvg } from "./svg.ts";
import { renderTerminal } from "./terminal.ts";

const curve = (horizon: number | undefined, y: (number | null)[] = [1, 2, 3, 4, 5]): Curve => ({
  kind: "curve",
  name: "SGD",
  style: 0,
  role: "line",
  x: y.map((_, i) => 10 * i),
  y,
  horizon,
});

const figure = (...layers: Curve[]): FigureSpec => ({
  id: "loss",
  title: "loss",
  columns: 1,
  panels: [
    { kind: "plane", x: { label: { en: "iterations", ja: "更新回数" } }, y: { label: "", domain: [0, 6] }, layers },
  ],
});

test("a curve is cut at its first point past the horizon, both parts joined and nothing lost", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.double({ noNaN: true })), { minLength: 1 }), fc.nat(500), (y, horizon) => {
      const whole = curve(horizon, y);
      const parts = horizonParts(whole);
      const at = whole.x.findIndex((x) => x >= horizon);
      if (at < 0) {
        expect(parts).toBeNull();
        return;
      }
      expect([...parts!.before.y, ...parts!.past.y.slice(at === 0 ? 0 : 1)]).toEqual(y);
      expect(parts!.past.x.at(at === 0 ? 0 : 1)).toBe(whole.x[at]);
      expect(parts!.mark === null).toBe(y[at] === null || !Number.isFinite(y[at]));
    }),
  );
  expect(horizonParts(curve(undefined))).toBeNull();
  expect(horizonParts({ ...curve(undefined), x: [0, Number.POSITIVE_INFINITY], y: [0, 0] })).toBeNull();
});

test("past its horizon a curve is pale, dashed and begins with a cross, and the legend says so", () => {
  const options = { language: "en" } as const;
  const whole = renderSvg(figure(curve(undefined)), options);
  const cut = renderSvg(figure(curve(20)), options);
  expect(whole).not.toContain('stroke-opacity="0.4"');
  expect(whole).not.toContain(pastHorizonWords.en);
  expect(cut).toContain('stroke-opacity="0.4"');
  expect(cut).toContain('stroke-dasharray="2 3"');
  expect(cut).toContain(pastHorizonWords.en);
  expect(legendOf(figure(curve(20)), "ja").map(({ name }) => name)).toEqual([pastHorizonWords.ja]);
});

test.each(languages)("a terminal draws it without its colour and names it, %s", (language) => {
  const drawn = renderTerminal(figure(curve(20)), { language, columns: 60, color: true });
  expect(drawn).toContain(pastHorizonWords[language]);
  expect(drawn).toContain("\u001b[90m");
});

test("over epochs the horizon stays at its point", () => {
  const clock = { batchSize: 10, trainRows: 100, clock: [] };
  const [panel] = withAbscissa(figure(curve(20)), "epoch", clock).panels;
  expect(panel).toMatchObject({ layers: [{ horizon: 2 }] });
});
