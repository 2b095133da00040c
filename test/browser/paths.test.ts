import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type AxeBuilder from "axe-core";
import type { BrowserContextOptions } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openBrowser, type StaticSite, serveStatic, type TestBrowser, type TestPage } from "../support/browser.ts";
import { few } from "../support/few.ts";

const bed = fileURLToPath(new URL("paths-bed", import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let folder: string;
let site: StaticSite;
let chromium: TestBrowser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tanren-paths-"));
  await build({
    configFile: false,
    root: bed,
    base: "./",
    plugins: [svelte()],
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true, target: "es2023", modulePreload: { polyfill: false } },
  });
  site = await serveStatic(folder);
  chromium = await openBrowser();
});

afterAll(async () => {
  await chromium.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What paths-bed/main.ts gives to the tests. */
interface Bed {
  readonly lab: {
    readonly session: {
      teacher: unknown;
      readonly settings: Record<string, unknown>;
      setMany(values: Record<string, unknown>): void;
      usePreset(preset: string): void;
    };
    readonly language: { choose(language: "en" | "ja"): void };
    readonly theme: { choose(theme: "light" | "dark"): void };
  };
}

async function openLab(options: BrowserContextOptions = {}): Promise<TestPage> {
  const page = await chromium.open({ viewport: { width: 1100, height: 1000 }, locale: "en", ...options });
  onTestFinished(() => page.context().close());
  await page.goto(site.url);
  await page.getByRole("heading", { name: "Drag the start point" }).waitFor();
  return page;
}

const settings = (page: TestPage) => page.evaluate(() => (globalThis as unknown as Bed).lab.session.settings);
/** The table's row of a rule: x, y, f, |g|, turns. */
const row = async (page: TestPage, name: string) =>
  (await page
    .getByRole("row", { name: new RegExp(`^${name}`) })
    .getByRole("cell")
    .allTextContents()) as string[];
const start = (page: TestPage) => page.getByRole("slider", { name: "Start point" });
async function write(page: TestPage, rule: string): Promise<void> {
  await page.locator(".editor").scrollIntoViewIfNeeded();
  await page.locator(".cm-content").fill(rule);
}

describe("the start point", () => {
  test("follows the mouse, the paths with it, and the settings when it is let go", async () => {
    const page = await openLab();
    expect(await row(page, "SGD")).toEqual(["−0.35", "0.0848", "0.0133", "0.173", "30"]);
    const box = (await start(page).boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 100, y - 50, { steps: 3 });
    const moved = await row(page, "SGD");
    expect(moved[0]).not.toBe("−0.35");
    const before = Number((await settings(page)).startX);
    await page.mouse.up();
    const { startX, startY } = await settings(page);
    expect(before).toBeLessThan(Number(startX) + 1e-9);
    expect(Number(startX)).toBeGreaterThan(-5);
    expect(Number(startY)).toBeGreaterThan(3);
    // Along the ravine SGD multiplies x by 0.905 each time.
    expect(Number(moved[0].replace("−", "-"))).toBeCloseTo(Number(startX) * 0.905 ** 30, 2);
    expect(page.complaints).toEqual([]);
  });

  test("is moved by arrow keys, in larger steps with shift, and stays on the plane", async () => {
    const page = await openLab();
    await start(page).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowUp");
    expect(await start(page).getAttribute("aria-valuetext")).toBe("x −6.8, y 4");
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press("Shift+ArrowUp");
    }
    expect(await settings(page)).toMatchObject({ startX: -6.8, startY: 10 });
    expect(page.complaints).toEqual([]);
  });

  test("is moved by a finger, and a tap puts it anywhere", async () => {
    const page = await openLab({ hasTouch: true, viewport: { width: 360, height: 800 } });
    const canvas = page.locator(".plane canvas").first();
    const plane = (await canvas.boundingBox())!;
    await page.touchscreen.tap(plane.x + plane.width * 0.75, plane.y + plane.height * 0.25);
    const tapped = await settings(page);
    expect(Number(tapped.startX)).toBeGreaterThan(2);
    expect(Number(tapped.startY)).toBeGreaterThan(3);
    const box = (await start(page).boundingBox())!;
    const session = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", dx: number, dy: number) =>
      session.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: type === "touchEnd" ? [] : [{ x: box.x + 22 + dx, y: box.y + 22 + dy }],
      });
    await touch("touchStart", 0, 0);
    await touch("touchMove", -40, 30);
    await touch("touchMove", -80, 60);
    await touch("touchEnd", 0, 0);
    await page.waitForFunction(
      (x) => Number((globalThis as unknown as Bed).lab.session.settings.startX) < x,
      Number(tapped.startX) - 3,
    );
    expect(page.complaints).toEqual([]);
  });
});

describe("a rule of one's own", () => {
  test("runs at once beside the others, the built-in's way when it is the same", async () => {
    const page = await openLab();
    await write(page, "v = momentum * v - lr * g\nw = w + v");
    await page.getByText("A sound rule").waitFor();
    expect(await row(page, "custom")).toEqual(await row(page, "Momentum"));
    await page.waitForFunction(() => (globalThis as unknown as Bed).lab.session.settings.rule !== "");
    expect(await settings(page)).toMatchObject({ rule: "v = momentum * v - lr * g\nw = w + v" });
    const link = await page.getByRole("link", { name: "Train it on MNIST" }).getAttribute("href");
    const params = new URLSearchParams(link!.slice(link!.indexOf("?")));
    expect(link).toMatch(/^#\/optimizer-comparison\?/);
    expect(params.get("rule")).toBe("v = momentum * v - lr * g\nw = w + v");
    expect(page.complaints).toEqual([]);
  });

  test("with a mistake is underlined there and explained in both languages; the last sound rule goes on", async () => {
    const page = await openLab();
    await write(page, "w = w - lr * g");
    await page.getByText("A sound rule").waitFor();
    await write(page, "w = w - lr * gradient");
    await expect.poll(() => page.locator(".cm-lintRange-error").textContent()).toBe("gradient");
    await page.getByText("Line 1, column 14: gradient has no value").waitFor();
    await page.evaluate(() => (globalThis as unknown as Bed).lab.language.choose("ja"));
    await page.getByText("1行14文字目: gradient には値がありません").waitFor();
    expect(await row(page, "custom")).toHaveLength(5);
    expect(page.complaints).toEqual([]);
  });

  test("begins from a built-in one, and its formula shows the numbers of the update", async () => {
    const page = await openLab();
    await page.locator(".editor").scrollIntoViewIfNeeded();
    await page.locator(".cm-content").waitFor();
    await page.getByLabel("Begin from").selectOption("adam");
    await page.getByRole("heading", { name: "custom: update 30" }).waitFor();
    const numbers = page.locator("[aria-labelledby=paths-formula-title] mtext[data-name=t]");
    expect(await numbers.first().textContent()).toBe("30");
    await page.getByRole("button", { name: "One update back" }).click();
    await page.getByRole("button", { name: "One update back" }).click();
    expect(await numbers.first().textContent()).toBe("29");
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("heading", { name: "SGD: update 29" }).waitFor();
    expect(page.complaints).toEqual([]);
  });

  test("that is markup stays text", async () => {
    const page = await openLab();
    await write(page, 'w = w - lr * g # <img src=x onerror="document.title=1">');
    await page.getByText("A sound rule").waitFor();
    await write(page, "<img src=x onerror=alert(1)>");
    await page.getByText(/are allowed here, got "<"/).waitFor();
    expect(await page.locator("img").count()).toBe(0);
    expect(page.complaints).toEqual([]);
  });
});

describe("the surface", () => {
  test("is chosen by name with a start that suits it, or typed with its mistakes explained", async () => {
    const page = await openLab();
    await page.getByLabel("Surface", { exact: true }).selectOption("himmelblau");
    expect(await settings(page)).toMatchObject({ surface: "himmelblau", startX: 0, startY: -1, "Adam.lr": 0.3 });
    expect((await row(page, "AdaGrad")).slice(0, 2)).toEqual(["3", "2"]);
    await page.getByLabel("Surface", { exact: true }).selectOption({ label: "type your own…" });
    const box = page.getByLabel("f(x, y) =");
    await box.fill("x^2 + z");
    await page.getByText("Column 7: only x and y have values here, got z").waitFor();
    await box.fill("(x - 1)^2 + y^4/9");
    await expect.poll(async () => (await settings(page)).surface).toBe("(x - 1)^2 + y^4/9");
    await page.getByText("λ = 2", { exact: false }).first().waitFor();
    await box.fill("(x - 1)^2 + abs(y)");
    await page.getByText("there is no curvature to measure").first().waitFor();
    await expect.poll(async () => (await settings(page)).surface).toBe("(x - 1)^2 + abs(y)");
    await box.fill("(x - 1)^2 + z");
    await page.getByText("Column 13: only x and y have values here, got z").waitFor();
    await page.evaluate(() => (window as unknown as Bed).lab.session.usePreset("book"));
    await expect.poll(() => page.getByText("only x and y have values here").count()).toBe(0);
    expect((await settings(page)).surface).toBe("ravine");
    expect(await page.getByLabel("Surface", { exact: true }).inputValue()).toBe("ravine");
    expect(page.complaints).toEqual([]);
  });

  test("turns under arrow keys and under the mouse", async () => {
    const page = await openLab();
    const surface = page.getByRole("slider", { name: "The surface in three dimensions" });
    await surface.focus();
    const drawn = () => surface.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL().length);
    const before = [await surface.getAttribute("aria-valuetext"), await drawn()];
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowUp");
    expect(before[0]).toBe("turned -60°, tilted 52°");
    expect(await surface.getAttribute("aria-valuetext")).toBe("turned -55°, tilted 67°");
    expect(await drawn()).not.toBe(before[1]);
    const box = (await surface.boundingBox())!;
    await page.mouse.move(box.x + 100, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 60, box.y + 100);
    await page.mouse.up();
    expect(await surface.getAttribute("aria-valuetext")).toBe("turned -35°, tilted 67°");
    expect(page.complaints).toEqual([]);
  });

  test("tells the limit of lr and when it is passed", async () => {
    const page = await openLab();
    const sgd = page.getByRole("region", { name: "SGD", exact: true });
    expect(await sgd.textContent()).toContain("stable for lr < 2/λ = 1 (largest curvature λ = 2)");
    await sgd.getByLabel("lr", { exact: true }).fill("1.05");
    await page.keyboard.press("Tab");
    await sgd.getByText("beyond it").waitFor();
    await page.getByLabel("updates in all").fill("10000");
    await page.getByText(/SGD left the numbers at update \d+/).waitFor();
    expect(page.complaints).toEqual([]);
  });
});

test("a page that a teacher has locked can be watched and turned, not changed", async () => {
  const page = await openLab();
  await page.evaluate(() => {
    (globalThis as unknown as Bed).lab.session.teacher = { locked: true, hidden: [], steps: [], questions: [] };
  });
  expect(await start(page).getAttribute("aria-disabled")).toBe("true");
  const box = (await start(page).boundingBox())!;
  await page.mouse.click(box.x + 80, box.y + 60);
  expect(await settings(page)).toMatchObject({ startX: -7, startY: 2 });
  expect(await page.getByLabel("Surface", { exact: true }).isDisabled()).toBe(true);
  await page.getByRole("button", { name: "One update back" }).click();
  await page.getByRole("heading", { name: "After 29 updates" }).waitFor();
  expect(page.complaints).toEqual([]);
});

test("Play walks from the first update to the last and stops there", async () => {
  const page = await openLab();
  await page.getByLabel("updates a second").selectOption("5");
  await page.getByRole("button", { name: "Play" }).click();
  await page.getByRole("heading", { name: /^After [1-9] updates|After [12]\d updates/ }).waitFor();
  await page.getByLabel("updates a second").selectOption("300");
  await page.getByRole("heading", { name: "After 30 updates" }).waitFor();
  await page.getByRole("button", { name: "Play" }).waitFor();
  expect(page.complaints).toEqual([]);
});

describe.each(
  few(1, [
    [360, "light"],
    [360, "dark"],
    [1440, "light"],
    [1440, "dark"],
  ] as const),
)("%i pixels wide, %s", (width, theme) => {
  test("nothing is wider than the page and axe finds nothing, in both languages", async () => {
    const page = await openLab({ viewport: { width, height: 900 } });
    await page.evaluate((name) => (globalThis as unknown as Bed).lab.theme.choose(name), theme);
    await page.getByRole("button", { name: "Adam", exact: true }).click();
    await write(page, "m = m + (1 - beta1) * (g - m)\nw = w - lr * sign(m)");
    for (const language of ["en", "ja"] as const) {
      await page.evaluate((name) => (globalThis as unknown as Bed).lab.language.choose(name), language);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.evaluate(axeSource);
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: typeof AxeBuilder };
        const found = await axe.run(document, { resultTypes: ["violations"] });
        return found.violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`,
        );
      });
      expect(violations).toEqual([]);
    }
    expect(page.complaints).toEqual([]);
  });
});
