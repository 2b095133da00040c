// How long a study of 100,000 trials takes to open: `tanren study show` from SQLite, and its study.json on the static page.
//   node bench/search/many-trials.ts [trials] [terminal|page] [rounds]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import { studyJson } from "../../src/search/views/study-json.ts";
import { builtStudio, openBrowser, serveStatic } from "../../test/support/browser.ts";
import { fillStudy } from "../../test/support/fill-study.ts";
import { sampleStudy } from "../../test/support/sample-study.ts";

const count = Number(process.argv[2] ?? 100_000);
const only = process.argv[3];
const rounds = Number(process.argv[4] ?? 5);
const folder = mkdtempSync(join(tmpdir(), "tanren-bench-"));
const median = (times: readonly number[]) =>
  `${(times.toSorted((a, b) => a - b)[times.length >> 1] / 1000).toFixed(2)} s`;

async function timed(action: () => unknown): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

async function terminal(): Promise<void> {
  const path = join(folder, "studies.sqlite");
  const store = await openStudyStore(path);
  await fillStudy(store, "many", sampleStudy(count));
  console.log(`  read whole: ${((await timed(() => store.loadStudy("many"))) / 1000).toFixed(2)} s`);
  await store.close();
  const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
  for (const args of [
    ["study", "show", "many"],
    ["study", "show", "many", "--view", "all"],
    ["study", "list"],
  ]) {
    const times: number[] = [];
    for (let i = 0; i < rounds; i++) {
      times.push(
        await timed(() => {
          const { status, stderr } = spawnSync(process.execPath, [main, ...args, "--store", path]);
          if (status !== 0) {
            throw new Error(String(stderr));
          }
        }),
      );
    }
    console.log(`  tanren ${args.join(" ")}: median ${median(times)} of ${times.length}`);
  }
}

async function page(): Promise<void> {
  const file = join(folder, "study.json");
  const data = sampleStudy(count);
  const study = {
    ...{ name: "many", direction: data.direction, seed: 0, sampler: { name: "tpe" }, pruner: null },
    ...{ space: null, objective: null, constraints: 0 },
  };
  writeFileSync(file, JSON.stringify(studyJson({ study, data })));
  console.log(`  study.json: ${Math.round(statSync(file).size / 1e6)} MB`);
  const [site, browser] = await Promise.all([serveStatic(await builtStudio()), openBrowser()]);
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const tab = await browser.open({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
    await tab.goto(`${site.url}#/studies`);
    await tab.getByRole("button", { name: "Open study.json" }).waitFor();
    times.push(
      await timed(async () => {
        await tab.getByLabel("Study files").setInputFiles(file);
        await tab
          .getByRole("status")
          .filter({ hasText: `${count} trials:` })
          .waitFor();
        await tab.locator("canvas").nth(7).waitFor();
        await tab.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
      }),
    );
    await tab.close();
  }
  console.log(`  opened in the page, every figure there: median ${median(times)} of ${times.length}`);
  await browser.close();
  await site.close();
}

console.log(`${count} trials, ${process.version}`);
if (only !== "page") {
  await terminal();
}
if (only !== "terminal") {
  await page();
}
rmSync(folder, { recursive: true });
