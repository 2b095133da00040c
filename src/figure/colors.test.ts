import { expect, test } from "vitest";
import { contrast, legible } from "./colors.ts";
import { runStyle, themes } from "./style.ts";

/** The studio's own, of `app.css`. */
const page = { light: "#fbfaf7", dark: "#121417" };
const colors = Array.from({ length: 8 }, (_, i) => runStyle(i).color);

test("contrast is WCAG's: 21 of black and white, 1 of a colour and itself, none of what is no colour", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 9);
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
  expect(contrast("#0072b2", "#0072b2")).toBe(1);
  expect(contrast("var(--ink)", "#ffffff")).toBeNaN();
});

test("every run's colour stands out 3:1 from the figures' and the page's grounds, light and dark", () => {
  const grounds = [themes.light.background, themes.dark.background, page.light, page.dark];
  const faint = colors.flatMap((color) => grounds.filter((ground) => contrast(color, ground) < 3));
  expect(faint).toEqual([]);
});

test("a name in a run's colour is read at 4.5:1, and stays as it is where it can be", () => {
  for (const theme of [themes.light, themes.dark]) {
    for (const color of colors) {
      expect(contrast(legible(color, theme), theme.background)).toBeGreaterThanOrEqual(4.5);
    }
  }
  expect(legible("#0072b2", themes.light)).toBe("#0072b2");
  expect(legible("#0072b2", themes.dark)).not.toBe("#0072b2");
  const computed = { ink: "rgb(232, 234, 237)", background: "rgb(18, 20, 23)" };
  expect(contrast(legible("#0072b2", computed), page.dark)).toBeGreaterThanOrEqual(4.5);
  expect(legible("#0072b2", themes.page)).toBe("#0072b2");
});
