import type { Dataset } from "../../data/dataset.ts";
import type { RunnerOptions, TaskRunner } from "../../runs/task-runner.ts";
import { openPooledRunner, ThreadPool } from "./thread-pool.ts";

/**
 * Runs tasks on worker threads of its own, one at a time on each. Threads are kept between runs; one that dies takes only
 * its own task with it and is replaced.
 * @throws DataError when the backend asked for is not available
 */
export function openWorkerRunner(options: RunnerOptions, datasets: readonly Dataset[]): TaskRunner {
  const pool = new ThreadPool(options.workers);
  return {
    ...openPooledRunner(pool, options, datasets),
    run: (experiment, tasks, signal) => openPooledRunner(pool, options, datasets).run(experiment, tasks, signal),
    close: () => pool.close(),
  };
}
