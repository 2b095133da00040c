// The records on MNIST and Fashion-MNIST, mean over seeds with its 95% interval, and what each ingredient adds:
//   node bench/records/records.ts mlp | cnn [--seeds 10] [--backend native] [--ablation]
//   node bench/records/records.ts fashion --data FOLDER …           its four files, as Debian's dataset-fashion-mnist has them
//   node bench/records/records.ts mlp | cnn --page [--seeds 3]      in Chromium, on the plainest of hosts
import { parseArgs } from "node:util";
import { wholeNumber } from "../../src/core/checks.ts";
import type { Backend } from "../../src/kernels/kernels.ts";
import { loadDataset } from "../../src/node/core.ts";
import { editionsOnThread } from "../../src/node/data/editions.ts";
import { selectKernels } from "../../src/node/native-kernels.ts";
import { type Recipe, type RecordKind, type RecordName, records } from "./recipes.ts";
import { type RecordPlace, type RecordRun, trainRecord } from "./train-record.ts";

const { values: options, positionals } = parseArgs({
  options: {
    seeds: { type: "string", default: "10" },
    backend: { type: "string", default: "native" },
    ablation: { type: "boolean", default: false },
    page: { type: "boolean", default: false },
    data: { type: "string" },
  },
  allowPositionals: true,
});
const [name = ""] = positionals;
if (!Object.hasOwn(records, name)) {
  process.stderr.write(`records: must be one of ${Object.keys(records).join(", ")}, got ${name || "none"}.\n`);
  process.exit(2);
}
if (options.page && options.ablation) {
  process.stderr.write("records: --ablation is measured in Node only. Leave out --page.\n");
  process.exit(2);
}
const { data, recipe, without }: RecordKind = records[name as RecordName];
if (data !== "MNIST" && options.data === undefined) {
  process.stderr.write(`records: ${name} needs the four files of ${data}. Name their folder: --data FOLDER.\n`);
  process.exit(2);
}
if (options.page && options.data !== undefined) {
  process.stderr.write("records: --data is read in Node only. Leave out --page.\n");
  process.exit(2);
}
const seeds = Number(options.seeds);
wholeNumber("records", "--seeds", seeds, { min: 1 });

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

/** Trains the recipe here, by the kernels asked for. */
async function here(): Promise<RecordPlace> {
  const kernels = selectKernels({ backend: options.backend as Backend, dtype: "float32" });
  const dataset = await loadDataset("mnist", options.data);
  return {
    where: `${kernels.name} float32`,
    train: (seed, changed) =>
      trainRecord({ ...recipe, ...changed }, { kernels, dataset, seed, editions: editionsOnThread }),
    async close() {},
  };
}

async function measure(label: string, changed?: Partial<Recipe>): Promise<void> {
  const runs: RecordRun[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    runs.push(await place.train(seed, changed));
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

// A page takes longer to load than the rest of this program: only where one is asked for.
const place = await (options.page ? import("./in-page.ts").then(({ inPage }) => inPage(name as RecordName)) : here());
console.log(`# ${name} on ${data}, ${place.where}, ${seeds} seeds\n`);
console.log("| | accuracy, % (95% interval) | of single seeds | seconds of training |\n|---|---|---|---|");
await measure("whole");
if (options.ablation) {
  for (const [ingredient, changed] of Object.entries(without)) {
    await measure(`without ${ingredient}`, changed);
  }
}
await place.close();
