import { resolve } from "../../core/hyper.ts";
import type { RunRecord } from "../../core/record.ts";
import type { Text } from "../../core/text.ts";
import { sandboxId } from "../../experiments/sandbox/name.ts";
import type { Experiment } from "../../runs/experiment.ts";
import { bookState, paramsOf } from "./experiment-link.ts";
import { hashOf } from "./route.svelte.ts";

/** The address of a page that shows the same settings. */
export function linkTo(experiment: Experiment, record: RunRecord): string {
  const preset = Object.hasOwn(experiment.presets, record.preset) ? record.preset : "book";
  const { dtype } = record.engine;
  const state = { ...bookState(experiment, preset), settings: record.settings, seed: record.seed, dtype };
  const page = location.href.replace(/#.*$/s, "");
  return `${page}${hashOf(experiment.id, paramsOf(experiment, state))}`;
}

/** Why no command and no program gives a record again: it learnt from a file that only the page had. Null of all others. */
export function fileOnly(experiment: Experiment, { settings: { data } }: RunRecord): Text | null {
  if (experiment.id !== sandboxId || (data !== "csv" && data !== "idx")) {
    return null;
  }
  return data === "csv"
    ? {
        en: "Nothing is copied: the table was given to this page alone. On the command line: tanren train --data FILE.csv --target COLUMN.",
        ja: "コピーできません。表はこのページだけに渡されています。コマンドでは tanren train --data FILE.csv --target 列名 で学習できます。",
      }
    : {
        en: "Nothing is copied: the images were given to this page alone. The link holds everything else.",
        ja: "コピーできません。画像はこのページだけに渡されています。画像以外はリンクに含まれます。",
      };
}

/** A program that gives the same record, with the library. */
export function typescriptOf(experiment: Experiment, record: RunRecord): string {
  const base = resolve(experiment.settings, experiment.presets[record.preset] ?? {});
  const changed = Object.fromEntries(
    Object.entries(record.settings).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(base[name])),
  );
  const { kernels, dtype } = record.engine;
  const folder = record.data?.find((origin) => origin.folder !== undefined)?.folder;
  const place = folder === undefined ? "" : `, ${JSON.stringify(folder)}`;
  const backend = kernels.startsWith("native") ? "native" : kernels || "auto";
  return `import { experimentNamed } from "tanren";
import { loadDataset, openWorkerRunner, runExperiment } from "tanren/node";

const experiment = experimentNamed(${JSON.stringify(experiment.id)});
const datasets = await Promise.all(experiment.datasets.map((name) => loadDataset(name${place})));
const runner = openWorkerRunner({ backend: ${JSON.stringify(backend)}, dtype: ${JSON.stringify(dtype)}, workers: 2 }, datasets);
const record = await runExperiment(experiment, {
  runner,
  preset: ${JSON.stringify(record.preset)},
  settings: ${JSON.stringify(changed)},
  seed: ${record.seed},
});
await runner.close();
console.log(experiment.results(record).rows);
`;
}
