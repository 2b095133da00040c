import { afterAll } from "vitest";
import { parseAssignment } from "../../src/core/hyper.ts";
import type { RunRecord } from "../../src/core/record.ts";
import type { Dtype } from "../../src/core/tensor.ts";
import { experimentNamed } from "../../src/experiments/registry.ts";
import type { Backend } from "../../src/kernels/kernels.ts";
import { loadDataset } from "../../src/node/data/datasets.ts";
import { runExperiment as run } from "../../src/node/runs/run-experiment.ts";
import { openWorkerRunner } from "../../src/node/runs/worker-runner.ts";
import type { TaskRunner } from "../../src/runs/task-runner.ts";

export interface Wanted {
  readonly preset?: string;
  readonly set?: readonly string[];
  readonly seed?: number;
  readonly backend?: Backend;
  readonly dtype?: Dtype;
  readonly workers?: number;
}

const runners = new Map<string, Promise<TaskRunner>>();
afterAll(async () => {
  for (const runner of runners.values()) {
    await (await runner).close();
  }
});

/** Threads are started once for all that a test file runs on the same kernels: starting them costs more than a short run. */
function runnerOn(backend: Backend, dtype: Dtype, workers: number): Promise<TaskRunner> {
  const key = `${backend} ${dtype} ${workers}`;
  const runner =
    runners.get(key) ?? loadDataset("mnist").then((mnist) => openWorkerRunner({ backend, dtype, workers }, [mnist]));
  runners.set(key, runner);
  return runner;
}

/** Runs one experiment on worker threads, at a time that never changes. */
export async function runExperiment(id: string, wanted: Wanted = {}): Promise<RunRecord> {
  const { preset, set = [], seed, backend = "auto", dtype = "float64", workers = 2 } = wanted;
  const experiment = experimentNamed(id);
  const settings = Object.fromEntries(set.map((text) => parseAssignment(experiment.settings, text)));
  const runner = await runnerOn(backend, dtype, workers);
  const record = await run(experiment, { runner, preset, settings, seed, now: () => Date.UTC(2026, 10, 24) });
  return { ...record, seconds: { total: 1, train: 1 } };
}
