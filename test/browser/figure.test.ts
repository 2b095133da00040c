import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser, type TestBrowser, type TestPage } from "../support/browser.ts";
import { type Bundle, bundle, openBundle } from "./figure-page.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser: TestBrowser;
let renderer: Bundle;
let live: Bundle;

beforeAll(async () => {
  [browser, renderer, live] = await Promise.all([
    openBrowser(),
    bundle("figure-harness.ts"),
    bundle("figure-live.svelte.ts"),
  ]);
});
afterAll(() => browser.close());

const cases = [
  ["en", "light", 860],
  ["ja", "dark", 860],
  ["ja", "light", 340],
] as const;

describe("the gallery on a canvas", () => {
  test.each(cases)("has something in every panel, %s %s, %i pixels wide", async (language, theme, width) => {
    const page = await openBundle(browser, renderer, "harness", { viewport: { width: width + 20, height: 900 } });
    const shares = await page.evaluate<number[]>(`(() => {
      const drawn = harness.draw(harness.gallery, "${language}", "${theme}", ${width});
      return drawn.panels.map((panel) => harness.inked(panel, "${theme === "dark" ? "#15181c" : "#ffffff"}"));
    })()`);
    expect(shares.length).toBe(8);
    for (const share of shares) {
      // Even the emptiest has axes, grid and a few points.
      expect(share).toBeGreaterThan(0.005);
      expect(share).toBeLessThan(0.95);
    }
    expect(page.complaints).toEqual([]);
    await page.context().close();
  });

  test.each(cases)("is the picture that its SVG is, %s %s, %i pixels wide", async (language, theme, width) => {
    const page = await openBundle(browser, renderer, "harness", { viewport: { width: width + 20, height: 900 } });
    const strangers = (spec: string) =>
      page.evaluate<number>(`harness.strangers(${spec}, "${language}", "${theme}", ${width})`);
    // Dashes drift by a tenth of a pixel here and there; one marker has some 200.
    expect(await strangers("harness.gallery")).toBeLessThan(100);
    expect(page.complaints).toEqual([]);
    await page.context().close();
  });
});

test("a figure that grows is drawn on from where it was, to the picture of one drawn whole; anything else draws it anew", async () => {
  const page = await openBundle(browser, renderer, "harness", {});
  const grown = (steps: readonly (readonly number[])[]) =>
    page.evaluate<{ whole: boolean[]; difference: number }>(`harness.grown(${JSON.stringify(steps)})`);
  // Each twice: of a curve that has not grown the end is not settled.
  const steps = Array.from({ length: 80 }, (_, i) => [25 * (i + (i % 2))]).slice(1);
  const { whole, difference } = await grown(steps);
  expect(whole).toEqual(steps.map((_, i) => i === 0));
  expect(difference).toBeLessThan(40);
  expect(await grown([...steps.slice(0, 40), [1050, 2], [1100, 2], [600, 2]])).toMatchObject({
    whole: [true, ...Array(39).fill(false), true, false, true],
    difference: 0,
  });
  expect(page.complaints).toEqual([]);
  await page.context().close();
});

/** A page that shows a live figure. */
async function showing(what: string, options: { language?: "en" | "ja"; theme?: string; width?: number } = {}) {
  const { language = "en", theme = "light", width = 1000 } = options;
  const page = await openBundle(browser, live, "live", { viewport: { width, height: 900 } });
  await page.evaluate(`live.language.choose("${language}"); live.theme.choose("${theme}"); live.show(${what})`);
  return page;
}

const shownText = (page: TestPage) => page.locator("[role=slider]").getAttribute("aria-valuetext");
const settled = (page: TestPage) => page.evaluate("live.settled()");

describe("a live figure", () => {
  test.each([
    ["en", "light", 1440],
    ["ja", "dark", 360],
  ] as const)("has no violation of axe and no overflow, %s %s at %i pixels", async (language, theme, width) => {
    const page = await showing("live.growing(400)", { language, theme, width });
    await page.locator("summary").click();
    await page.locator("details tbody tr").first().waitFor();
    await page.evaluate(axe);
    const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
      "axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) })))",
    );
    expect(found).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    expect(page.complaints).toEqual([]);
    await page.context().close();
  });

  test("tells its values by keyboard alone, in words", async () => {
    const page = await showing("live.growing(1000)");
    await page.locator("[role=slider]").focus();
    await page.keyboard.press("End");
    expect(await shownText(page)).toMatch(/^iterations 999, run 0 0\.\d+, run 1 /);
    await page.keyboard.press("ArrowLeft");
    expect(await shownText(page)).toMatch(/^iterations 998, /);
    await page.keyboard.press("Shift+ArrowLeft");
    expect(await shownText(page)).toMatch(/^iterations 898, /);
    await page.keyboard.press("Home");
    expect(await shownText(page)).toMatch(/^iterations 0, /);
    await page.keyboard.press("Escape");
    expect(await shownText(page)).toBe("arrow keys read values");
    await page.keyboard.press("+");
    await page.keyboard.press("0");
    expect(page.complaints).toEqual([]);
    await page.context().close();
  });

  test("shows what the mouse reads in a box beside the crosshair, whole and within the figure wherever that stands", async () => {
    const page = await showing("live.growing(1000)", { theme: "dark", width: 700 });
    const cover = (await page.locator("[role=slider]").boundingBox())!;
    for (const [across, down] of [
      [0.15, 0.15],
      [0.5, 0.5],
      [0.8, 0.8],
    ]) {
      await page.mouse.move(cover.x + across * cover.width, cover.y + down * cover.height);
      await settled(page);
      const read = (await shownText(page))!;
      const shown = page.locator(".over .box");
      const told = (await shown.innerText()).split("\n").filter((line) => line.trim() !== "");
      expect(read.startsWith(told[0])).toBe(true);
      for (const word of told) {
        expect(read).toContain(word.trim());
      }
      expect(told.length).toBeGreaterThan(4);
      const box = (await shown.boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(cover.x);
      expect(box.x + box.width).toBeLessThanOrEqual(cover.x + cover.width + 1);
      expect(box.y).toBeGreaterThanOrEqual(cover.y);
      expect(box.y + box.height).toBeLessThanOrEqual(cover.y + cover.height + 1);
      expect(await page.locator(".over .mark").count()).toBeGreaterThan(0);
    }
    await page.mouse.move(cover.x + cover.width / 2, cover.y + cover.height + 30);
    await settled(page);
    expect(await page.locator(".over > *").count()).toBe(0);
    expect(page.complaints).toEqual([]);
    await page.context().close();
  });

  test("hides a run at its legend entry, and tells who asked", async () => {
    const page = await showing("live.growing(300)");
    const before = await page.evaluate<number>("live.inked()");
    const entry = page.getByRole("button", { name: "run 3" });
    expect(await entry.getAttribute("aria-pressed")).toBe("true");
    await entry.click();
    expect(await entry.getAttribute("aria-pressed")).toBe("false");
    await settled(page);
    expect(await page.evaluate<number>("live.inked()")).toBeLessThan(before);
    expect(await page.evaluate("live.views.at(-1).hidden")).toEqual(["run 3"]);
    expect(await page.locator("canvas").first().getAttribute("aria-label")).not.toContain("run 3");
    await entry.click();
    expect(await page.evaluate("live.views.at(-1).hidden")).toEqual([]);
    await page.context().close();
  });

  test("is zoomed by dragging and shown whole again; log axes change it", async () => {
    const page = await showing("live.growing(1000)");
    const box = (await page.locator("[role=slider]").boundingBox())!;
    await page.mouse.move(box.x + 300, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 500, box.y + 200, { steps: 4 });
    await page.mouse.up();
    const zoom = await page.evaluate<{ x: [number, number]; y: [number, number] }>("live.views.at(-1).zoom[0]");
    expect(zoom.x[0]).toBeGreaterThan(100);
    expect(zoom.x[1]).toBeLessThan(900);
    expect(zoom.y[1]).toBeLessThan(2);
    await page.getByRole("button", { name: "whole figure" }).click();
    expect(await page.evaluate("live.views.at(-1).zoom")).toEqual({});
    const before = await page.evaluate<number>("live.inked()");
    await page.getByRole("button", { name: "log y" }).click();
    await settled(page);
    expect(await page.evaluate<number>("live.inked()")).not.toBe(before);
    expect(await page.evaluate("live.views.at(-1)")).toMatchObject({ logY: true });
    await page.context().close();
  });

  test("lists the last values, and every point on request", async () => {
    const page = await showing("live.growing(120)");
    await page.locator("summary").click();
    await page.locator("details tbody tr").first().waitFor();
    expect(await page.locator("details tbody tr").count()).toBe(8);
    await page.getByRole("button", { name: "Show every point" }).click();
    expect(await page.locator("details table").last().locator("tbody tr").count()).toBe(50);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Next" }).click();
    expect(await page.locator("details table").last().locator("tbody tr").count()).toBe(20);
    await page.context().close();
  });

  test("is read by touch, without being zoomed", async () => {
    const page = await openBundle(browser, live, "live", { viewport: { width: 360, height: 800 }, hasTouch: true });
    await page.evaluate("live.show(live.growing(500))");
    await page.locator("[role=slider]").tap({ position: { x: 180, y: 60 } });
    expect(await shownText(page)).toMatch(/^iterations [1-9]\d*, run 0 /);
    expect(await page.evaluate("live.views")).toEqual([]);
    await page.context().close();
  });

  test("that has grown is drawn whole once it rests", async () => {
    const page = await showing("live.growing(600, 2000)");
    const picture = () => page.evaluate<string>("live.picture()");
    const whole = await picture();
    await page.evaluate("live.remove()");
    await page.evaluate("live.show(live.growing(500, 2000))");
    await page.evaluate("live.show(live.growing(600, 2000))");
    await expect.poll(picture).toBe(whole);
    await page.context().close();
  });

  test("is redrawn twice a second at most where less motion is wanted, and at once when a person asks", async () => {
    const page = await openBundle(browser, live, "live", { reducedMotion: "reduce" });
    await page.evaluate("live.show(live.growing(50))");
    const [draws, halves] = await page.evaluate<number[]>(`(async () => {
      let draws = 0;
      const clear = CanvasRenderingContext2D.prototype.clearRect;
      CanvasRenderingContext2D.prototype.clearRect = function (...box) {
        draws += this.canvas.getAttribute("role") === "img" ? 1 : 0;
        return clear.apply(this, box);
      };
      const began = performance.now();
      while (performance.now() - began < 1200) {
        await live.show(live.growing(50 + Math.round((performance.now() - began) / 10)));
      }
      return [draws, (performance.now() - began) / 500];
    })()`);
    expect(draws).toBeGreaterThan(0);
    expect(draws).toBeLessThanOrEqual(halves + 2);
    await page.context().close();
  });

  test("takes the colours of the theme when it changes", async () => {
    const page = await showing("live.growing(300)");
    const ink = () =>
      page.evaluate<number>(`(() => {
        const canvas = document.querySelector("figure canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let bright = 0;
        for (let i = 0; i < data.length; i += 4) bright += data[i + 3] > 200 && data[i] > 225 && data[i + 1] > 225 ? 1 : 0;
        return bright;
      })()`);
    await settled(page);
    const light = await ink();
    await page.evaluate('live.theme.choose("dark")');
    await expect.poll(ink).not.toBe(light);
    await page.context().close();
  });

  test("shows every kind of layer, panels below one another where it is narrow", async () => {
    const page = await showing("live.gallery", { width: 360 });
    const narrow = (await page.locator(".stage").boundingBox())!.height;
    await page.setViewportSize({ width: 1200, height: 900 });
    await settled(page);
    await settled(page);
    expect((await page.locator(".stage").boundingBox())!.height).toBeLessThan(narrow);
    expect(page.complaints).toEqual([]);
    await page.evaluate("live.remove()");
    expect(await page.locator("figure").count()).toBe(0);
    await page.context().close();
  });
});
