import { afterAll, beforeAll, expect, test } from "vitest";
import { chapter } from "../../src/experiments/registry.ts";
import { builtStudio, openBrowser, type StaticSite, serveStatic, type TestBrowser } from "../support/browser.ts";

let site: StaticSite;
let browser: TestBrowser;

beforeAll(async () => {
  const folder = await builtStudio();
  [site, browser] = await Promise.all([serveStatic(folder), openBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** Of `Network.emulateNetworkConditions`: 10 Mbit/s with 20 ms on the way. */
const tenMegabits = { offline: false, latency: 20, downloadThroughput: 1_250_000, uploadThroughput: 1_250_000 };

test.each([
  { line: "at 10 Mbit/s", conditions: tenMegabits },
  { line: "from this machine", conditions: null },
])(
  "a first visit to each experiment, on a cold cache $line, ends with the book's figure; the times are told",
  async ({ line, conditions }) => {
    const times: string[] = [];
    for (const { id } of chapter) {
      const page = await browser.open({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
      if (conditions !== null) {
        const devtools = await page.context().newCDPSession(page);
        await devtools.send("Network.enable");
        await devtools.send("Network.emulateNetworkConditions", conditions);
      }
      const began = Date.now();
      await page.goto(`${site.url}#/${id}`);
      await page.getByText("The book's own run.").waitFor();
      await page.locator("[data-stage] canvas").first().waitFor();
      times.push(`${id} ${((Date.now() - began) / 1000).toFixed(2)} s`);
      expect(page.complaints).toEqual([]);
      await page.close();
    }
    process.stdout.write(`first visits ${line}: ${times.join(", ")}\n`);
  },
  300_000,
);
