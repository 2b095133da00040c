import { parseAssignment, resolve } from "../../src/core/hyper.ts";
import { Recorder, type RunRecord } from "../../src/core/record.ts";
import type { Dtype } from "../../src/core/tensor.ts";
import { version } from "../../src/core/version.ts";
import { experimentNamed } from "../../src/experiments/registry.ts";
import type { Backend } from "../../src/kernels/kernels.ts";
import { loadDataset } from "../../src/node/datasets.ts";
import { openWorkerRunner } from "../../src/node/worker-runner.ts";

export interface Wanted {
  readonly preset?: string;
  readonly set?: readonly string[];
  readonly seed?: number;
  readonly backend?: Backend;
  readonly dtype?: Dtype;
  readonly workers?: number;
}

/** Runs one experiment on worker threads, without command line or store. */
export async function runExperiment(id: string, wanted: Wanted = {}): Promise<RunRecord> {
  const { preset = "book", set = [], seed = 0, backend = "auto", dtype = "float64", workers = 2 } = wanted;
  const experiment = experimentNamed(id);
  const given = Object.fromEntries(set.map((text) => parseAssignment(experiment.settings, text)));
  const settings = resolve(experiment.settings, { ...experiment.presets[preset], ...given });
  const datasets = await Promise.all(experiment.datasets.map((name) => loadDataset(name)));
  const runner = openWorkerRunner({ backend, dtype, workers }, datasets);
  const recorder = new Recorder();
  try {
    for await (const event of runner.run(id, experiment.plan(settings, seed), new AbortController().signal)) {
      recorder.add(event);
    }
  } finally {
    await runner.close();
  }
  const recorded = recorder.recorded();
  const failure = recorded.events.find(({ kind }) => kind === "failed");
  if (failure !== undefined) {
    throw new Error(failure.message);
  }
  return {
    tanren: version,
    experiment: id,
    preset,
    seed,
    settings,
    engine: { kernels: runner.kernels, dtype, workers },
    startedAt: "2026-11-24T00:00:00.000Z",
    seconds: { total: 1, train: 1 },
    ...recorded,
  };
}
