import { expect, test } from "vitest";
import { RandomStream } from "../../src/core/random.ts";
import type { TestPage } from "../support/browser.ts";
import { goTo, openTab, press, reached } from "../support/studio.ts";
import { studioBed } from "../support/studio-bed.ts";

const studio = studioBed();

/** Moments in all; fewer for a quick look. */
const moments = Number(process.env.TANREN_MOMENTS ?? 200);
/** Of one browser's store: its shelf shows twelve runs. */
const together = 10;
const link = "#/weight-decay?iterations=1000000&hiddenSizes=20&trainRows=200&lr=0.02";

const going = (page: TestPage) => page.getByText(/^Running: /).waitFor();

/** Runs on the shelf, and how many of them are said to be interrupted. */
async function shelf(page: TestPage): Promise<{ runs: number; interrupted: number }> {
  await openTab(page, "runs");
  const items = page.getByRole("region", { name: "Runs" }).getByRole("listitem");
  return { runs: await items.count(), interrupted: await items.getByText(/interrupted/).count() };
}

test("a run that is reloaded, left and come back to, shared or closed at any moment is shown going on, and none is lost", async () => {
  const stream = RandomStream.seeded(Number(process.env.TANREN_SEED ?? 3));
  const trail: string[] = [];
  for (let made = 0; made < moments; made += together) {
    let page = await studio.open(link);
    const complaints = [page.complaints];
    await press(page);
    await going(page);
    let runs = 1;
    let seed = "0";
    const acts: Readonly<Record<string, () => Promise<void>>> = {
      async reload() {
        await page.reload();
        // What it had stays on the shelf; the page begins it anew.
        runs++;
      },
      async away() {
        await goTo(page, "#/glossary");
        await page.goBack();
        await page.goForward();
        await page.goBack();
        await page.locator("[data-says]").waitFor();
      },
      async share() {
        const other = await studio.browser.tab(page);
        await other.goto(page.url());
        const shared = other.getByLabel("trainRows", { exact: true });
        await shared.waitFor();
        expect(await shared.inputValue()).toBe("200");
        expect(await other.getByLabel("seed", { exact: true }).inputValue()).toBe(seed);
        expect(await other.getByRole("button", { name: "Run", exact: true }).count()).toBe(1);
        complaints.push(other.complaints);
        await other.close();
      },
      async close() {
        const other = await studio.browser.tab(page);
        await page.close();
        page = other;
        complaints.push(page.complaints);
        await page.goto(studio.site.url + link);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await expect.poll(async () => (await shelf(page)).interrupted).toBe(runs);
        await press(page);
        seed = "0";
        runs++;
      },
    };
    for (let i = 0; i < Math.min(together, moments - made); i++) {
      await page.waitForTimeout(600 * stream.double());
      const name = Object.keys(acts)[Math.floor(4 * stream.double())];
      trail.push(name);
      if (stream.double() < 0.5) {
        // A change in the very moment before: the run goes on with what it began with, the page with what it says.
        seed = String(1000 + i);
        await page.getByLabel("seed", { exact: true }).fill(seed);
        await page.keyboard.press("Enter");
        trail.push(`of seed ${seed}`);
      }
      await acts[name]();
      await going(page);
      expect(page.url(), trail.slice(-5).join(", ")).toContain("lr=0.02");
      expect(await page.getByLabel("seed", { exact: true }).inputValue(), trail.slice(-5).join(", ")).toBe(seed);
      await expect
        .poll(() => shelf(page), { message: trail.slice(-5).join(", ") })
        .toEqual({ runs, interrupted: runs - 1 });
    }
    await page.getByLabel("history").waitFor();
    expect(await reached(page)).toBeGreaterThan(0);
    expect(complaints.flat()).toEqual([]);
    await page.context().close();
  }
});
