import { fileURLToPath } from "node:url";
import { serveBuilt } from "../../test/support/bed.ts";
import { openBrowser } from "../../test/support/browser.ts";
import type { PageRecord } from "./page/main.ts";
import type { RecordName } from "./recipes.ts";
import type { RecordPlace } from "./train-record.ts";

declare global {
  interface Window {
    readonly record: PageRecord;
  }
}

/** Trains a record's whole recipe in a worker of a page in Chromium, served by the plainest of hosts. */
export async function inPage(name: RecordName): Promise<RecordPlace> {
  const root = fileURLToPath(new URL("page", import.meta.url));
  const [site, chromium] = await Promise.all([serveBuilt(root), openBrowser()]);
  const page = await chromium.open();
  page.setDefaultTimeout(600_000);
  await page.goto(site.url);
  const backend = await page.evaluate(() => window.record.backend);
  return {
    where: `a page of Chromium ${chromium.browser.version()}, ${backend} float32`,
    train: (seed) => page.evaluate(([name, seed]) => window.record.train(name, seed), [name, seed] as const),
    async close() {
      await chromium.close();
      await site.close();
    },
  };
}
