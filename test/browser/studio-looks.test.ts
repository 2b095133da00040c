import { expect, test } from "vitest";
import { violations } from "../support/axe.ts";
import type { TestPage } from "../support/browser.ts";
import { few } from "../support/few.ts";
import { goTo, openTab, runToEnd } from "../support/studio.ts";
import { studioBed } from "../support/studio-bed.ts";

const studio = studioBed();

/** Of the window and the system. */
const looks = [1440, 360].flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
);
type Look = (typeof looks)[number];

/** What is wrong with a page as it stands, in such a window. */
async function wrong(page: TestPage, { width, colorScheme }: Look): Promise<string[]> {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height: 900 });
  // Figures are drawn anew for the width.
  await page.waitForTimeout(400);
  const found = await violations(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  return wide > width ? [...found, `${wide} px wide`] : found;
}

/** Pages with all that a run brings to them. */
const ran: Readonly<Record<string, (page: TestPage) => Promise<void>>> = {
  "optimizer-comparison": async (page) => {
    await goTo(page, "#/optimizer-comparison?iterations=60&hiddenSizes=20");
    await openTab(page, "inside");
    await page.getByRole("switch", { name: /inside/ }).check();
    await runToEnd(page);
    await openTab(page, "runs");
    await page.getByRole("button", { name: /^More about/ }).click();
  },
  "hyperparameter-search": async (page) => {
    await goTo(page, "#/hyperparameter-search?trials=14&epochs=2&hiddenSizes=20");
    await runToEnd(page);
    await openTab(page, "map");
    await page.getByRole("heading", { name: "Trials over lr and λ" }).waitFor();
  },
  studies: async (page) => {
    await goTo(page, "#/hyperparameter-search?trials=14&epochs=2&hiddenSizes=20");
    await runToEnd(page);
    await goTo(page, "#/studies");
    await page.getByRole("checkbox").first().check();
    await expect.poll(() => page.locator("canvas, svg").count()).toBeGreaterThan(2);
  },
  compare: async (page) => {
    await goTo(page, "#/dropout?iterations=4&hiddenSizes=20");
    await runToEnd(page);
    await page.getByLabel("seed").fill("1");
    await page.keyboard.press("Enter");
    await runToEnd(page);
    await openTab(page, "runs");
    const shelf = page.getByRole("region", { name: "Runs" });
    await expect.poll(() => shelf.getByRole("checkbox").count()).toBe(2);
    for (const box of await shelf.getByRole("checkbox").all()) {
      await box.check();
    }
    await shelf.getByRole("link", { name: "Compare 2" }).click();
    await page.getByRole("heading", { name: "What differs" }).waitFor();
  },
  sandbox: async (page) => {
    await goTo(page, "#/sandbox");
    await page.getByRole("combobox", { name: "speed" }).selectOption("null");
    await runToEnd(page);
  },
};

test.each(
  few(
    3,
    Object.keys(ran).flatMap((id) => looks.map((look) => ({ id, ...look }))),
  ),
)(
  "$id with a run: axe finds nothing at $width px in the system's $colorScheme theme, and nothing is wider than the window",
  async ({ id, ...look }) => {
    const page = await studio.open("#/");
    await ran[id](page);
    expect(await wrong(page, look)).toEqual([]);
    expect(page.complaints).toEqual([]);
  },
);

test("the system's dark theme is taken over, also while the page is open; a choice goes before it", async () => {
  const page = await studio.open("#/dropout", { colorScheme: "dark" });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(ground).not.toBe(dark);
  const light = await ground();
  await page.getByLabel("Theme").selectOption("dark");
  await expect.poll(ground).toBe(dark);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.getByLabel("Theme").selectOption("light");
  await expect.poll(ground).toBe(light);
  await page.getByLabel("Theme").selectOption("as the system");
  await expect.poll(ground).toBe(dark);
  expect(page.complaints).toEqual([]);
});

test("where less motion is asked for, nothing moves by itself: no animation, no transition, no smooth scrolling", async () => {
  const page = await studio.open("#/", { reducedMotion: "reduce" });
  const moving: string[] = [];
  for (const id of ["", "optimizer-paths", "optimizer-comparison", "hyperparameter-search", "sandbox", "compare"]) {
    await goTo(page, `#/${id}`);
    await page.waitForTimeout(200);
    moving.push(
      ...(await page.evaluate((of) => {
        const seconds = (list: string) => Math.max(...list.split(",").map((part) => Number.parseFloat(part)));
        return [...document.querySelectorAll("*")]
          .filter((element) => {
            const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(element);
            return animationName !== "none" || seconds(transitionDuration) > 0.01 || scrollBehavior === "smooth";
          })
          .map((element) => `${of}: ${element.tagName} ${element.className}`);
      }, id)),
    );
  }
  expect(moving).toEqual([]);
  expect(page.complaints).toEqual([]);
});

test("where the system has few colours, what is chosen is told from what can be, and a legend keeps its names", async () => {
  const page = await studio.open("#/optimizer-comparison", { forcedColors: "active" });
  await page.getByRole("tab", { name: "Story", exact: true }).waitFor();
  const ground = (name: string, role: "tab" | "button") =>
    page.getByRole(role, { name, exact: true }).evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(await ground("Story", "tab")).not.toBe(await ground("Results", "tab"));
  expect(await ground("English", "button")).not.toBe(await ground("日本語", "button"));
  expect(await ground("Run", "button")).not.toBe(await ground("Reset", "button"));
  const entry = page.getByRole("list", { name: "legend" }).getByRole("button", { name: "SGD" });
  const words = page.getByRole("button", { name: "Reset", exact: true });
  const [named, usual] = await Promise.all(
    [entry, words].map((button) => button.evaluate((element) => getComputedStyle(element).color)),
  );
  expect(named).toBe(usual);
  expect(page.complaints).toEqual([]);
});
