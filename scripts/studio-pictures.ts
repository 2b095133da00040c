// Takes the pictures of docs/studio: every page of the built studio in both languages, after a run where there is one.
//   npm run pictures [-- name …]      those alone
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inLanguage } from "../src/core/text.ts";
import { chapter } from "../src/experiments/registry.ts";
import { builtStudio, openBrowser, serveStatic, type TestPage } from "../test/support/browser.ts";

const folder = fileURLToPath(new URL("../docs/studio", import.meta.url));
const program = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "tanren-pictures-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

function tanren(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], {
    env: { ...process.env, TANREN_STORE: join(work, "studies.sqlite") },
    encoding: "utf8",
  });
  if (status !== 0) {
    throw new Error(`tanren ${args.join(" ")}: ${stderr}`);
  }
}

/** A finished study of small networks on MNIST, as a file. */
function finishedStudy(): string {
  const file = join(work, "digits.json");
  const space = ["lr=1e-4..1:log", "hidden=16..64", "optimizer=sgd,adam"].flatMap((one) => ["--space", one]);
  const fixed = ["--set", "epochs=5", "--set", "trainRows=2000"];
  tanren(
    "search",
    "--study",
    "digits",
    ...space,
    ...fixed,
    "--trials",
    "40",
    "--pruner",
    "median",
    "--quiet",
    "--out",
    work,
  );
  tanren("study", "export", "digits", "--to", "json", "--out", file);
  return file;
}

interface Picture {
  readonly name: string;
  /** What the Japanese page calls it. */
  readonly ja: string;
  readonly hash: string;
  /** What is done before the picture is taken. */
  readonly prepare?: (page: TestPage) => Promise<void>;
}

async function run(page: TestPage): Promise<void> {
  await page.getByRole("button", { name: /^(Run|実行)$/ }).click();
  await ended(page);
}

const ended = (page: TestPage) => page.getByText(/^(Done in|[\d.]+ 秒で完了)/).waitFor({ timeout: 180_000 });

let study: string | undefined;
const pictures: readonly Picture[] = [
  { name: "home", ja: "ホーム", hash: "#/" },
  ...chapter.map(({ id, title }) => ({
    name: id,
    ja: inLanguage(title, "ja"),
    hash: `#/${id}`,
    prepare: async (page: TestPage) => {
      await page.locator("[data-stage] canvas").first().waitFor();
    },
  })),
  // It trains by itself as it opens.
  { name: "sandbox", ja: "サンドボックス", hash: "#/sandbox", prepare: ended },
  {
    name: "studies",
    ja: "探索の記録",
    hash: "#/studies",
    prepare: async (page) => {
      study ??= finishedStudy();
      await page.locator("input[type=file]").setInputFiles(study);
      await page.locator("canvas").first().waitFor();
    },
  },
  {
    name: "compare",
    ja: "比較",
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
  { name: "glossary", ja: "用語集", hash: "#/glossary" },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !pictures.some((picture) => picture.name === name));
if (unknown.length > 0) {
  throw new Error(`pictures: must be of ${pictures.map(({ name }) => name).join(", ")}, got ${unknown.join(", ")}.`);
}

mkdirSync(folder, { recursive: true });
const [site, browser] = await Promise.all([builtStudio().then((built) => serveStatic(built)), openBrowser()]);
const english = ["# The studio in pictures", "", "[日本語](README.ja.md)", "", "Made by `npm run pictures`.", ""];
const japanese = ["# スタジオの画面一覧", "", "[English](README.md)", "", "`npm run pictures` で作ります。", ""];
for (const { name, ja, hash, prepare } of pictures) {
  english.push(`![${name}, en](${name}.en.jpg)`, "", `![${name}, ja](${name}.ja.jpg)`, "");
  japanese.push(`![${ja}(日本語)](${name}.ja.jpg)`, "", `![${ja}(英語)](${name}.en.jpg)`, "");
  for (const [language, locale] of [
    ["en", "en-US"],
    ["ja", "ja-JP"],
  ] as const) {
    if (wanted.length > 0 && !wanted.includes(name)) {
      continue;
    }
    const page = await browser.open({ viewport: { width: 1280, height: 860 }, locale, deviceScaleFactor: 1 });
    await page.goto(site.url + hash);
    await page.locator("h1").waitFor();
    await prepare?.(page);
    await page.waitForTimeout(600);
    await page.screenshot({ path: join(folder, `${name}.${language}.jpg`), type: "jpeg", quality: 78 });
    for (const complaint of page.complaints) {
      throw new Error(`${name} ${language}: ${complaint}`);
    }
    await page.close();
  }
}
writeFileSync(join(folder, "README.md"), `${english.join("\n").trimEnd()}\n`);
writeFileSync(join(folder, "README.ja.md"), `${japanese.join("\n").trimEnd()}\n`);
await browser.close();
await site.close();
