import { expect, test } from "vitest";
import { placeBox } from "./place-box.ts";

const figure = { width: 800, height: 500 };
const large = { left: 60, right: 740, top: 20, bottom: 460 };
const small = { left: 60, right: 160, top: 220, bottom: 300 };
const box = { width: 130, height: 80 };

test("a box of values stands right of the crosshair, left of it where the figure ends", () => {
  expect(placeBox(box, 300, large, figure)).toEqual({ left: 312, top: 26 });
  expect(placeBox(box, 700, large, figure)).toEqual({ left: 700 - 12 - 130, top: 26 });
  // With its distance from the line, not without.
  expect(placeBox(box, 665, large, figure).left).toBe(665 - 12 - 130);
});

test("a box wider than what is left on both sides begins at the figure's edge", () => {
  expect(placeBox({ width: 790, height: 80 }, 400, large, figure).left).toBe(0);
  expect(placeBox({ width: 900, height: 80 }, 400, large, figure).left).toBe(0);
});

test("a box does not hide a small panel: it stands below, above where the figure ends, never outside", () => {
  expect(placeBox(box, 100, small, figure).top).toBe(304);
  expect(placeBox(box, 100, { ...small, top: 380, bottom: 480 }, figure).top).toBe(380 - 80 - 4);
  expect(placeBox({ width: 130, height: 490 }, 100, small, figure).top).toBe(0);
});
