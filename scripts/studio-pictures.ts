// Takes the pictures of docs/studio: every page of the built studio in both languages, after a run where there is one.
//   npm run pictures
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chapter } from "../src/experiments/registry.ts";
import { builtStudio, openBrowser, serveStatic, type TestPage } from "../test/support/browser.ts";

const folder = fileURLToPath(new URL("../docs/studio", import.meta.url));

interface Picture {
  readonly name: string;
  readonly hash: string;
  /** What is done before the picture is taken. */
  readonly prepare?: (page: TestPage) => Promise<void>;
}

async function run(page: TestPage): Promise<void> {
  await page.getByRole("button", { name: /^(Run|実行)$/ }).click();
  await ended(page);
}

const ended = (page: TestPage) => page.getByText(/^(Done in|[\d.]+ 秒で完了)/).waitFor({ timeout: 180_000 });

const pictures: readonly Picture[] = [
  { name: "home", hash: "#/" },
  ...chapter.map(({ id }) => ({
    name: id,
    hash: `#/${id}`,
    prepare: async (page: TestPage) => {
      await page.locator("[data-stage] canvas").first().waitFor();
    },
  })),
  // It trains by itself as it opens.
  { name: "sandbox", hash: "#/sandbox", prepare: ended },
  { name: "studies", hash: "#/studies" },
  {
    name: "compare",
    hash: "#/weight-decay?iterations=60",
    prepare: async (page) => {
      await run(page);
      await page.evaluate(() => {
        location.hash = "#/weight-decay?iterations=60&lr=0.03";
      });
      await run(page);
      await page.getByRole("tab", { name: /^(Runs|記録)$/ }).click();
      const shelf = page.getByRole("region", { name: /^(Runs|実行の記録)$/ });
      for (const box of await shelf.getByRole("checkbox").all()) {
        await box.check();
      }
      await shelf.getByRole("link").first().click();
      await page.getByRole("heading", { level: 1, name: /^(Compare runs|実行の比較)$/ }).waitFor();
    },
  },
  { name: "glossary", hash: "#/glossary" },
];

mkdirSync(folder, { recursive: true });
const [site, browser] = await Promise.all([builtStudio().then((built) => serveStatic(built)), openBrowser()]);
const lines = ["# The studio in pictures", "", "Made by `npm run pictures`.", ""];
for (const { name, hash, prepare } of pictures) {
  for (const [language, locale] of [
    ["en", "en-US"],
    ["ja", "ja-JP"],
  ] as const) {
    const page = await browser.open({ viewport: { width: 1280, height: 860 }, locale, deviceScaleFactor: 1 });
    await page.goto(site.url + hash);
    await page.locator("h1").waitFor();
    await prepare?.(page);
    await page.waitForTimeout(600);
    const file = `${name}.${language}.jpg`;
    await page.screenshot({ path: join(folder, file), type: "jpeg", quality: 78 });
    for (const complaint of page.complaints) {
      throw new Error(`${name} ${language}: ${complaint}`);
    }
    lines.push(`![${name}, ${language}](${file})`, "");
    await page.close();
  }
}
writeFileSync(join(folder, "README.md"), `${lines.join("\n").trimEnd()}\n`);
await browser.close();
await site.close();
