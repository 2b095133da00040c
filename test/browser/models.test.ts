import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { mlp } from "../../src/model/blueprint.ts";
import { type Classifier, classify } from "../../src/model/classify.ts";
import { modelFromBytes } from "../../src/model/load.ts";
import { type PadPoint, strokesImage } from "../../src/studio/models/digit-image.ts";
import { violations } from "../support/axe.ts";
import type { TestPage } from "../support/browser.ts";
import { type PageOptions, studioBed } from "../support/studio-bed.ts";

const studio = studioBed();
/** A model that tells upright strokes from lying ones. */
let strokes: Buffer;

beforeAll(async () => {
  strokes = Buffer.from((await strokeModel()).toBytes());
});

async function strokeModel(): Promise<Classifier> {
  const count = 60;
  const data = new Uint8Array(count * 784);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  for (let i = 0; i < count; i++) {
    const lean = 0.1 * Math.sin(i);
    const ends: PadPoint[] = [
      { x: 0.5 - lean, y: 0.2 },
      { x: 0.5 + lean, y: 0.8 },
    ];
    const turned = labels[i] === 0 ? ends : ends.map(({ x, y }) => ({ x: y, y: x }));
    data.set(strokesImage([turned], { rows: 28, columns: 28, fitted: true }), i * 784);
  }
  const model = classify(mlp([8]), { seed: 1 });
  const classNames = ["upright", "lying"];
  await model.fit({ images: { data, count, width: 784 }, labels, classNames }, { epochs: 20, batchSize: 10 });
  return model;
}

const openPage = (hash: string, options: PageOptions = {}) =>
  studio.open(`#/${hash}`, { viewport: { width: 1440, height: 1000 }, ...options });

const drop = (page: TestPage, name: string, buffer: Buffer) =>
  page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
const answer = (page: TestPage) => page.getByRole("region", { name: /^(Try it|試す)$/ }).getByRole("status");
const pad = (page: TestPage) => page.getByRole("application");

async function drag(page: TestPage, from: PadPoint, to: PadPoint): Promise<void> {
  const { x, y, width, height } = (await pad(page).boundingBox())!;
  const at = (point: PadPoint) => [x + point.x * width, y + point.y * height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 5 });
  await page.mouse.up();
}

test("a run of the sandbox is taken away as a model, exported, and tried by typing a row", async () => {
  const page = await openPage("sandbox?network=affine+8;+tanh&iterations=400");
  await page.getByRole("combobox", { name: "speed" }).selectOption("null");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("tab", { name: "More", exact: true }).click();
  const save = page.getByRole("button", { name: "Download model" });
  const [kept] = await Promise.all([page.waitForEvent("download"), save.click()]);
  expect(kept.suggestedFilename()).toBe("sandbox.tanren");
  const model = modelFromBytes(readFileSync(await kept.path())) as Classifier;
  expect(model.predict({ x: 0, y: 0.9 }).class).toBe("A");
  const [onnx] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "ONNX", exact: true }).click(),
  ]);
  expect(readFileSync(await onnx.path()).length).toBeGreaterThan(500);
  await page.getByRole("link", { name: "Look at it and try it" }).click();
  await page.getByLabel("x", { exact: true }).fill("0");
  await page.getByLabel("y", { exact: true }).fill("0.9");
  const { probability } = model.predict({ x: 0, y: 0.9 });
  await expect.poll(() => answer(page).textContent()).toBe(`class: A (${(100 * probability).toFixed(1)}%)`);
  await page.getByLabel("y", { exact: true }).fill("much");
  await expect.poll(() => answer(page).textContent()).toMatch(/got "much"/);
  expect(await page.getByRole("link", { name: "Take its network into the sandbox" }).getAttribute("href")).toContain(
    "#/sandbox?network=affine+8",
  );
  expect(page.complaints).toEqual([]);
});

describe("a model file dropped on its page", () => {
  test("is looked at, and tells what is drawn with the mouse or the keyboard; a bad one is refused in a sentence", async () => {
    const page = await openPage("models");
    await drop(page, "strokes.tanren", strokes);
    await page.getByRole("heading", { name: "strokes.tanren" }).waitFor();
    expect(await page.getByText("W1 [784, 8]").count()).toBe(1);
    await drag(page, { x: 0.3, y: 0.1 }, { x: 0.32, y: 0.6 });
    await expect.poll(() => answer(page).textContent()).toMatch(/^class: upright/);
    await page.getByRole("button", { name: "Clear" }).click();
    await expect.poll(() => answer(page).textContent()).toMatch(/^Draw something/);
    await pad(page).focus();
    await page.keyboard.press(" ");
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press("ArrowRight");
    }
    await expect.poll(() => answer(page).textContent()).toMatch(/^class: lying/);
    await page.keyboard.press("Backspace");
    await expect.poll(() => answer(page).textContent()).toMatch(/^Draw something/);

    await drop(page, "photo.tanren", Buffer.from("no model at all"));
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(((await alert.textContent()) ?? "").split(". ").length).toBeLessThanOrEqual(3);
    expect(await alert.textContent()).toMatch(/^photo\.tanren: /);
    expect(await page.getByRole("heading", { name: "strokes.tanren" }).count()).toBe(1);
    expect(page.complaints).toEqual([]);
  });

  test.each([
    ["en", 1440, "light"],
    ["ja", 360, "dark"],
  ] as const)(
    "has no violation of axe and is no wider than the page: %s, %i px",
    async (locale, width, colorScheme) => {
      const page = await openPage("models", { locale, viewport: { width, height: 900 }, colorScheme });
      await drop(page, "strokes.tanren", strokes);
      await page.getByRole("heading", { name: "strokes.tanren" }).waitFor();
      await drag(page, { x: 0.2, y: 0.5 }, { x: 0.8, y: 0.5 });
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      const text = (await page.locator("main").textContent()) ?? "";
      expect(/[\u3041-\u9fff]/.test(text)).toBe(locale === "ja");
      expect(page.complaints).toEqual([]);
    },
  );
});
