import { afterAll } from "vitest";
import { parseAssignment } from "../../src/core/hyper.ts";
import type { RunRecord } from "../../src/core/record.ts";
import type { Dtype } from "../../src/core/tensor.ts";
import { firstRows } from "../../src/data/dataset.ts";
import { experimentNamed } from "../../src/experiments/registry.ts";
import type { Backend } from "../../src/kernels/kernels.ts";
import { loadDataset } from "../../src/node/data/datasets.ts";
import { runExperiment as run } from "../../src/node/runs/run-experiment.ts";
import { openWorkerRunner } from "../../src/node/runs/worker-runner.ts";
import type { Experiment, Task } from "../../src/runs/experiment.ts";
import type { TaskRunner } from "../../src/runs/task-runner.ts";

export interface Wanted {
  readonly preset?: string;
  readonly set?: readonly string[];
  readonly seed?: number;
  readonly backend?: Backend;
  readonly dtype?: Dtype;
  readonly workers?: number;
  /** `few`: of 2,000 images to learn from and 500 to test with, where nothing is compared with the original. */
  readonly rows?: "few";
  /** Which of its tasks are run; all when absent. */
  readonly only?: (task: Task) => boolean;
}

const runners = new Map<string, Promise<TaskRunner>>();
afterAll(async () => {
  for (const runner of runners.values()) {
    await (await runner).close();
  }
});

/** Threads are started once for all that a test file runs on the same kernels: starting them costs more than a short run. */
function runnerOn(backend: Backend, dtype: Dtype, workers: number, rows?: "few"): Promise<TaskRunner> {
  const key = `${backend} ${dtype} ${workers} ${rows}`;
  const open = async () => {
    const mnist = await loadDataset("mnist");
    const { train, test } = mnist;
    const data = rows === undefined ? mnist : { ...mnist, train: firstRows(train, 2000), test: firstRows(test, 500) };
    return openWorkerRunner({ backend, dtype, workers }, [data]);
  };
  const runner = runners.get(key) ?? open();
  runners.set(key, runner);
  return runner;
}

/** Runs one experiment on worker threads, at a time that never changes. */
export async function runExperiment(id: string, wanted: Wanted = {}): Promise<RunRecord> {
  const { preset, set = [], seed, backend = "auto", dtype = "float64", workers = 2, rows, only = () => true } = wanted;
  const whole = experimentNamed(id);
  const experiment: Experiment = { ...whole, plan: (...given) => whole.plan(...given).filter(only) };
  const settings = Object.fromEntries(set.map((text) => parseAssignment(experiment.settings, text)));
  const runner = await runnerOn(backend, dtype, workers, rows);
  const record = await run(experiment, { runner, preset, settings, seed, now: () => Date.UTC(2026, 10, 24) });
  return { ...record, seconds: { total: 1, train: 1 } };
}
