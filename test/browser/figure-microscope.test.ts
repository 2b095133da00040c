import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Snapshot } from "../../src/core/snapshot.ts";
import { openBrowser, type TestBrowser, type TestPage } from "../support/browser.ts";
import { mnistSnapshots } from "../support/snapshots.ts";
import { type Bundle, bundle, openBundle } from "./figure-page.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tabs = ["layers", "activations", "gradients", "weights", "mistakes"];
let browser: TestBrowser;
let code: Bundle;
let snapshots: Snapshot[];

beforeAll(async () => {
  [browser, code, snapshots] = await Promise.all([
    openBrowser(),
    bundle("figure-microscope.svelte.ts"),
    mnistSnapshots("Adam"),
  ]);
  snapshots.push(...(await mnistSnapshots("Sigmoid", { iterations: 10, network: { activation: "sigmoid" } })));
});
afterAll(() => browser.close());

async function opened(language: "en" | "ja", theme: string, width: number, list: Snapshot[]): Promise<TestPage> {
  const page = await openBundle(browser, code, "microscope", { viewport: { width, height: 900 } });
  await page.evaluate(
    (given) => (globalThis as unknown as { microscope: { add(list: unknown): void } }).microscope.add(given),
    list,
  );
  await page.evaluate(
    `microscope.language.choose("${language}"); microscope.theme.choose("${theme}"); microscope.show(); microscope.settled()`,
  );
  return page;
}

test.each([
  ["en", "light", 1440],
  ["ja", "dark", 360],
] as const)(
  "every view has no violation of axe and no overflow, %s %s at %i pixels",
  async (language, theme, width) => {
    const page = await opened(language, theme, width, snapshots);
    await page.evaluate(axe);
    for (const tab of tabs) {
      await page.locator(`[role=tab][id$=${tab}]`).click();
      await page.evaluate("microscope.settled()");
      const found = await page.evaluate<unknown[]>(
        "axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))",
      );
      expect([tab, found]).toEqual([tab, []]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    }
    expect(page.complaints).toEqual([]);
    await page.context().close();
  },
);

test("says what to do before there is anything to see, and is switched on and off", async () => {
  const page = await opened("ja", "light", 800, []);
  expect(await page.locator("section").textContent()).toContain("これをオンにして「実行」を押すと");
  await page.getByRole("switch").press("Space");
  expect(await page.evaluate("microscope.session.watching")).toBe(true);
  expect(await page.locator("section").textContent()).not.toContain("これをオンにして");
  expect(page.complaints).toEqual([]);
  await page.context().close();
});

test("is walked by keyboard alone: views, iterations, units", async () => {
  const page = await opened("en", "light", 1000, snapshots);
  await page.locator("[role=tab][aria-selected=true]").focus();
  await page.keyboard.press("ArrowLeft");
  expect(await page.locator("[role=tab][aria-selected=true]").textContent()).toBe("Mistakes");
  expect(await page.locator("table td").count()).toBe(100);
  await page.keyboard.press("ArrowLeft");
  const unit = page.getByRole("slider", { name: "unit looked at" });
  await unit.focus();
  await page.keyboard.press("ArrowRight");
  expect(await unit.getAttribute("aria-valuetext")).toMatch(/^unit 2: from −0\.\d+ to 0\.\d+/);
  await page.getByRole("slider", { name: "iteration 59" }).focus();
  await page.keyboard.press("Home");
  expect(await page.evaluate("microscope.session.position")).toBe(0);
  expect(await page.locator("[role=tabpanel] p").first().textContent()).toContain("iteration 0.");
  await page.getByRole("button", { name: "newest" }).click();
  expect(await page.evaluate("microscope.session.position")).toBe(null);
  expect(page.complaints).toEqual([]);
  await page.context().close();
});

test("mistakes are fewer at the end than at the start, and each says label and answer", async () => {
  const page = await opened("en", "light", 1000, snapshots);
  await page.locator("[role=tab][id$=mistakes]").click();
  const words = () => page.locator("[role=tabpanel] p").first().textContent();
  const right = async () => Number(/images (\d+) are/.exec((await words()) ?? "")?.[1]);
  const end = await right();
  await page.evaluate("microscope.session.position = 0; microscope.settled()");
  expect(await right()).toBeLessThan(end);
  const [first] = await page.locator("li").allTextContents();
  expect(first.trim()).toMatch(/^\d → \d\s*\d+\.\d%, test image \d+$/);
  await page.context().close();
});

test("another run is looked at when chosen: a sigmoid's outputs saturate, they do not die", async () => {
  const page = await opened("en", "light", 1000, snapshots);
  await page.locator("select").first().selectOption("Sigmoid");
  await page.evaluate("microscope.settled()");
  const label = await page.locator("figure canvas").first().getAttribute("aria-label");
  expect(label).toContain("Saturated outputs");
  expect(label).toContain("layer 1 (sigmoid)");
  const other = (await page.getByRole("combobox", { name: "run" }).locator("option").allTextContents())[0];
  await page.getByRole("combobox", { name: "beside" }).selectOption(other);
  await page.evaluate("microscope.settled()");
  expect(await page.getByRole("tabpanel").getByRole("heading", { level: 3 }).allTextContents()).toEqual([
    "Sigmoid",
    other,
  ]);
  await page.context().close();
});
