import type { ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { chapter } from "../../src/experiments/registry.ts";
import type { TestPage } from "../support/browser.ts";
import { few } from "../support/few.ts";
import { done, goTo, openTab, press, reached, runToEnd, saved } from "../support/studio.ts";
import { studioBed } from "../support/studio-bed.ts";

const studio = studioBed();

afterEach(() => {
  studio.site.intercept = null;
});

const shelfOf = (page: TestPage) => page.getByRole("region", { name: /^(Runs|実行の記録)$/ });
const long = "#/optimizer-comparison?iterations=1000000&hiddenSizes=20";

/** What a page says of itself; that a file could not be had is the browser's own word. */
const ownComplaints = (page: TestPage) =>
  page.complaints.filter((line) => !/Failed to load resource|net::ERR_/.test(line));

async function beginLong(page: TestPage): Promise<number> {
  await press(page);
  await page.getByLabel("history").waitFor({ timeout: 300_000 });
  await expect.poll(() => reached(page), { timeout: 300_000 }).toBeGreaterThan(20);
  // Runs are written every 0.3 s.
  await page.waitForTimeout(1000);
  return reached(page);
}

async function expectInterrupted(page: TestPage): Promise<void> {
  await openTab(page, "runs");
  const item = shelfOf(page).getByRole("listitem");
  await item.getByText(/interrupted/).waitFor({ timeout: 300_000 });
  await item.getByRole("button").first().click();
  await page.getByLabel("history").waitFor();
  expect(await reached(page)).toBeGreaterThan(20);
  expect((await saved(page)).series.length).toBeGreaterThan(0);
}

test("a tab closed in mid-run leaves the run as interrupted, with what it had", async () => {
  const page = await studio.open(long);
  const other = await studio.browser.tab(page);
  await beginLong(page);
  await page.close();
  await other.goto(`${studio.site.url}#/optimizer-comparison`);
  await expectInterrupted(other);
  expect([...page.complaints, ...other.complaints]).toEqual([]);
  await other.close();
});

test("a reload in mid-run goes on with the run, and keeps what it had as interrupted; another can be run", async () => {
  const page = await studio.open(long);
  await beginLong(page);
  await page.reload();
  await page.getByText(/^Running: /).waitFor({ timeout: 300_000 });
  await expect.poll(() => reached(page), { timeout: 300_000 }).toBeGreaterThan(20);
  await page.getByRole("button", { name: "Stop" }).click();
  await openTab(page, "runs");
  await expect
    .poll(
      () =>
        shelfOf(page)
          .getByText(/interrupted/)
          .count(),
      { timeout: 300_000 },
    )
    .toBe(2);
  await page.getByLabel("iterations", { exact: true }).fill("30");
  await page.keyboard.press("Enter");
  await runToEnd(page);
  expect(page.complaints).toEqual([]);
});

test.each(
  few(1, [
    { locale: "en-US", says: /[Nn]etwork|connection/, failed: "Failed." },
    { locale: "ja-JP", says: /ネットワーク|接続/, failed: "失敗しました。" },
  ]),
)("a network lost before the data are there is told ($locale), and Run works when it is back", async (look) => {
  const page = await studio.open("#/optimizer-comparison?iterations=30&hiddenSizes=20", look);
  studio.site.intercept = (path, response: ServerResponse) => {
    if (path.startsWith("data/")) {
      response.destroy();
      return true;
    }
    return false;
  };
  await press(page);
  await page.getByText(look.failed, { exact: true }).waitFor({ timeout: 300_000 });
  expect(await page.getByRole("alert").first().innerText()).toMatch(look.says);
  studio.site.intercept = null;
  await runToEnd(page);
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(ownComplaints(page)).toEqual([]);
});

test("a page opened before the network went says what it could not load, and works when it is back", async () => {
  const page = await studio.open("#/dropout?iterations=4&hiddenSizes=20");
  await page.context().setOffline(true);
  await press(page);
  await page.getByText("Failed.", { exact: true }).waitFor({ timeout: 300_000 });
  expect(await page.getByRole("alert").first().innerText()).toMatch(/network/);
  await goTo(page, "#/");
  await page.evaluate(() => {
    location.hash = "#/compare";
  });
  await page.getByText(/This page could not be loaded/).waitFor();
  await page.context().setOffline(false);
  await goTo(page, "#/dropout?iterations=4&hiddenSizes=20");
  await runToEnd(page);
  // A browser keeps in mind that a module could not be had until the page is loaded anew.
  await page.evaluate(() => {
    location.hash = "#/compare";
  });
  await page.getByRole("button", { name: "Reload" }).click();
  await page.getByRole("heading", { level: 1, name: "Compare" }).waitFor();
  expect(ownComplaints(page)).toEqual([]);
});

test("a browser without WebAssembly SIMD is told so and trains on plain loops", async () => {
  const page = await studio.open("#/weight-decay?iterations=3&hiddenSizes=20", {
    locale: "ja-JP",
    before: () => {
      WebAssembly.validate = () => false;
    },
  });
  await page.getByRole("status").filter({ hasText: "WebAssembly SIMD に対応していません" }).waitFor();
  await runToEnd(page);
  expect((await saved(page)).engine.kernels).toBe("reference");
  expect(page.complaints).toEqual([]);
});

test("a browser without WebAssembly is told so on every page; Run says it again and nothing breaks", async () => {
  const page = await studio.open("#/", {
    before: () => {
      Reflect.deleteProperty(globalThis, "WebAssembly");
    },
  });
  const notice = page.getByRole("status").filter({ hasText: "WebAssembly switched off" });
  await notice.waitFor();
  await goTo(page, "#/optimizer-comparison?iterations=3");
  await notice.waitFor();
  await press(page);
  await page.getByText("Failed.", { exact: true }).waitFor();
  expect(await page.getByRole("alert").innerText()).toMatch(/WebAssembly/);
  for (const { id } of few(2, chapter)) {
    await goTo(page, `#/${id}`);
    await page.waitForTimeout(200);
  }
  await goTo(page, "#/sandbox");
  await notice.waitFor();
  await press(page);
  await page.getByRole("alert").filter({ hasText: "WebAssembly" }).waitFor();
  expect(page.complaints).toEqual([]);
});

test("where the browser keeps nothing, the page says so and the run is there until it is closed", async () => {
  const page = await studio.open("#/weight-decay?iterations=3&hiddenSizes=20", {
    before: () => {
      Object.defineProperty(globalThis, "indexedDB", { value: undefined });
      Object.defineProperty(globalThis, "localStorage", {
        get() {
          throw new DOMException("denied", "SecurityError");
        },
      });
    },
  });
  await openTab(page, "runs");
  await shelfOf(page).getByRole("status").first().waitFor();
  expect(await shelfOf(page).getByRole("status").first().innerText()).toMatch(/keeps no data/);
  await runToEnd(page);
  await shelfOf(page).getByRole("listitem").getByText(/done/).waitFor();
  await page.getByRole("button", { name: "日本語" }).click();
  await shelfOf(page)
    .getByRole("status")
    .filter({ hasText: /保存できません/ })
    .waitFor();
  expect(page.complaints).toEqual([]);
});

test("a full store is told, the run ends whole, and can be saved as a file", async () => {
  const page = await studio.open("#/optimizer-comparison?iterations=300&hiddenSizes=20");
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Storage.overrideQuotaForOrigin", { origin: new URL(studio.site.url).origin, quotaSize: 1 });
  await press(page);
  await done(page);
  await openTab(page, "runs");
  await shelfOf(page).getByRole("status").first().waitFor({ timeout: 300_000 });
  expect(await shelfOf(page).getByRole("status").first().innerText()).toMatch(/storage is full/);
  const record = await saved(page);
  expect(record.series.map(({ x }) => x.at(-1))).toEqual([299, 299, 299, 299]);
  expect(ownComplaints(page)).toEqual([]);
});
