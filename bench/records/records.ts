// The records on MNIST, mean over seeds with its 95% interval, and what each ingredient adds:
//   node bench/records/records.ts mlp | cnn [--seeds 10] [--backend native] [--ablation]
//   node bench/records/records.ts mlp | cnn --page [--seeds 3]      in Chromium, on the plainest of hosts
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wholeNumber } from "../../src/core/checks.ts";
import type { Backend } from "../../src/kernels/kernels.ts";
import { loadDataset } from "../../src/node/core.ts";
import { editionsOnThread } from "../../src/node/data/editions.ts";
import { selectKernels } from "../../src/node/kernels.ts";
import { serveBuilt } from "../../test/support/bed.ts";
import { openBrowser } from "../../test/support/browser.ts";
import type { PageRecord } from "./page/main.ts";
import { type Recipe, records } from "./recipes.ts";
import { type RecordRun, trainRecord } from "./train-record.ts";

declare global {
  interface Window {
    readonly record: PageRecord;
  }
}

const { values: options, positionals } = parseArgs({
  options: {
    seeds: { type: "string", default: "10" },
    backend: { type: "string", default: "native" },
    ablation: { type: "boolean", default: false },
    page: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const [name = ""] = positionals;
if (!Object.hasOwn(records, name)) {
  process.stderr.write(`records: must be one of ${Object.keys(records).join(", ")}, got ${name || "none"}.\n`);
  process.exit(2);
}
const seeds = Number(options.seeds);
wholeNumber("records", "--seeds", seeds, { min: 1 });
const { recipe, without }: { recipe: Recipe; without: Readonly<Record<string, Partial<Recipe>>> } =
  records[name as keyof typeof records];

/** Half of the 95% interval of the mean, by Student's distribution. */
function interval(values: readonly number[]): number {
  const quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];
  const n = values.length;
  const mean = meanOf(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return (quantiles[n - 2] ?? 1.96) * Math.sqrt(variance / n);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

type Trainer = (changed: Partial<Recipe>, seed: number) => Promise<RecordRun>;

/** Trains here, by the kernels asked for. */
async function here(): Promise<{ readonly where: string; readonly train: Trainer; close(): void }> {
  const kernels = selectKernels({ backend: options.backend as Backend, dtype: "float32" });
  const dataset = await loadDataset("mnist");
  return {
    where: `${kernels.name} float32`,
    train: (changed, seed) =>
      trainRecord({ ...recipe, ...changed }, { kernels, dataset, seed, editions: editionsOnThread }),
    close() {},
  };
}

/** Trains in a worker of a page. */
async function inPage(): Promise<{ readonly where: string; readonly train: Trainer; close(): Promise<void> }> {
  const [site, chromium] = await Promise.all([
    serveBuilt(fileURLToPath(new URL("page", import.meta.url))),
    openBrowser(),
  ]);
  const page = await chromium.open();
  await page.goto(site.url);
  page.setDefaultTimeout(600_000);
  return {
    where: `a page of Chromium ${chromium.browser.version()}, ${await page.evaluate(() => window.record.backend)} float32`,
    train: (_, seed) => page.evaluate(([name, seed]) => window.record.train(name, seed), [name, seed] as const),
    async close() {
      await chromium.close();
      await site.close();
    },
  };
}

async function measure(label: string, changed: Partial<Recipe>): Promise<void> {
  const runs: RecordRun[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    runs.push(await trainer.train(changed, seed));
    const { accuracy, seconds } = runs[seed];
    process.stderr.write(`${label}, seed ${seed}: ${(100 * accuracy).toFixed(2)}% in ${seconds.toFixed(1)} s\n`);
  }
  const accuracies = runs.map(({ accuracy }) => 100 * accuracy);
  const about = seeds > 1 ? ` ± ${interval(accuracies).toFixed(3)}` : "";
  const seconds = runs.map((run) => run.seconds);
  console.log(
    `| ${label} | ${meanOf(accuracies).toFixed(3)}${about} | ${Math.min(...accuracies).toFixed(2)}–${Math.max(...accuracies).toFixed(2)} | ${meanOf(seconds).toFixed(1)} (${Math.max(...seconds).toFixed(1)} at most) |`,
  );
}

const trainer = await (options.page ? inPage() : here());
console.log(`# ${name} on MNIST, ${trainer.where}, ${seeds} seeds\n`);
console.log("| | accuracy, % (95% interval) | of single seeds | seconds of training |\n|---|---|---|---|");
await measure("whole", {});
if (options.ablation && !options.page) {
  for (const [ingredient, changed] of Object.entries(without)) {
    await measure(`without ${ingredient}`, changed);
  }
}
await trainer.close();
