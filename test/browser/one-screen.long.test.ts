import { afterAll, beforeAll, expect, test } from "vitest";
import { chapter } from "../../src/experiments/registry.ts";
import { builtStudio, openBrowser, type StaticSite, serveStatic, type TestBrowser } from "../support/browser.ts";
import { outsideFirstScreen } from "../support/one-screen.ts";

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

test.each(
  (["en-US", "ja-JP"] as const).flatMap((locale) =>
    (["light", "dark"] as const).map((colorScheme) => ({ locale, colorScheme })),
  ),
)(
  "every experiment's page has figure, sentence, Run and a control on its first screen: $locale, $colorScheme",
  async ({ locale, colorScheme }) => {
    const page = await browser.open({ viewport: { width: 1440, height: 900 }, locale, colorScheme });
    await page.goto(site.url);
    const wrong: string[] = [];
    for (const id of [...chapter.map((one) => one.id), "sandbox"]) {
      wrong.push(...(await outsideFirstScreen(page, id)));
    }
    expect(wrong).toEqual([]);
    await page.close();
  },
  300_000,
);
