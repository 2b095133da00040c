import { availableParallelism } from "node:os";
import { checkOptions } from "../../core/checks.ts";
import { HyperError } from "../../core/errors.ts";
import { checkDataset } from "../../data/check-dataset.ts";
import type { Dataset } from "../../data/dataset.ts";
import type { RunnerOptions, TaskRunner } from "../../runs/task-runner.ts";
import { openPooledRunner, ThreadPool } from "./thread-pool.ts";

export interface WorkerRunnerOptions extends Omit<RunnerOptions, "workers"> {
  /** Threads at the most, 1 or more. As many as this machine runs at a time when absent; the numbers are the same. */
  readonly workers?: number;
}

/**
 * Runs tasks on worker threads of its own, one at a time on each. Threads are kept between runs; one that dies takes only
 * its own task with it and is replaced.
 * @param datasets that its tasks may read
 * @throws DataError when the backend asked for is not available or a data set is not whole, HyperError when `workers` is not a whole number ≥ 1
 */
export function openWorkerRunner(given: WorkerRunnerOptions, datasets: readonly Dataset[] = []): TaskRunner {
  checkOptions("openWorkerRunner", given, { backend: true, dtype: true, workers: true });
  const { workers = availableParallelism(), ...kernels } = given;
  if (!Number.isSafeInteger(workers) || workers < 1) {
    throw new HyperError({
      en: `workers: must be a whole number ≥ 1, got ${workers}. Leave it out for one on each core.`,
      ja: `workers: 1以上の整数を指定してください(指定された値: ${workers})。省略するとコアごとに1つになります。`,
    });
  }
  datasets.forEach(checkDataset);
  const options = { ...kernels, workers };
  const pool = new ThreadPool(workers);
  return {
    ...openPooledRunner(pool, options, datasets),
    run: (experiment, tasks, signal) => openPooledRunner(pool, options, datasets).run(experiment, tasks, signal),
    close: () => pool.close(),
  };
}
