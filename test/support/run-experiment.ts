import { parseAssignment } from "../../src/core/hyper.ts";
import type { RunRecord } from "../../src/core/record.ts";
import type { Dtype } from "../../src/core/tensor.ts";
import { firstRows } from "../../src/data/dataset.ts";
import { experimentNamed } from "../../src/experiments/registry.ts";
import type { Backend } from "../../src/kernels/kernels.ts";
import { runExperiment as run } from "../../src/node/runs/run-experiment.ts";
import { openWorkerRunner } from "../../src/node/runs/worker-runner.ts";
import type { Experiment, Task } from "../../src/runs/experiment.ts";
import type { TaskRunner } from "../../src/runs/task-runner.ts";
import { mnist } from "./mnist.ts";
import { Spare } from "./spare.ts";

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

/** Threads that have run experiments and wait for more: starting them costs more than a short run. */
const runners = new Spare<TaskRunner>({ most: 2, end: (runner) => void runner.close() });

async function openRunner(backend: Backend, dtype: Dtype, workers: number, rows?: "few"): Promise<TaskRunner> {
  const whole = await mnist();
  const { train, test } = whole;
  const data = rows === undefined ? whole : { ...whole, train: firstRows(train, 2000), test: firstRows(test, 500) };
  return openWorkerRunner({ backend, dtype, workers }, [data]);
}

/** Runs one experiment on worker threads, at a time that never changes. */
export async function runExperiment(id: string, wanted: Wanted = {}): Promise<RunRecord> {
  const { preset, set = [], seed, backend = "auto", dtype = "float64", workers = 2, rows, only = () => true } = wanted;
  const whole = experimentNamed(id);
  const experiment: Experiment = { ...whole, plan: (...given) => whole.plan(...given).filter(only) };
  const settings = Object.fromEntries(set.map((text) => parseAssignment(experiment.settings, text)));
  const kind = `${backend} ${dtype} ${workers} ${rows}`;
  const runner = runners.take(kind) ?? (await openRunner(backend, dtype, workers, rows));
  try {
    const record = await run(experiment, { runner, preset, settings, seed, now: () => Date.UTC(2026, 10, 24) });
    return { ...record, seconds: { total: 1, train: 1 } };
  } finally {
    runners.keep(kind, runner);
  }
}
