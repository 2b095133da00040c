import type { Watch } from "../../core/snapshot.ts";
import type { RowsNeeded } from "../../data/dataset.ts";
import type { Task } from "../../runs/experiment.ts";
import type { PaceState } from "../../runs/pace.ts";
import type { PlanAsked } from "../../runs/protocol.ts";
import { TaskPool } from "../../runs/task-pool.ts";
import type { RunnerOptions, TaskRunner } from "../../runs/task-runner.ts";
import { capabilities, webKernels } from "../capabilities.ts";
import type { DataSource } from "../data/source.ts";
import { WebWorker } from "./web-worker.ts";

/** Holds, steps and slows all tasks that a runner has under way. */
export interface PaceControl {
  pause(): void;
  resume(): void;
  /** Pauses, and lets every running task make so many iterations more. */
  step(iterations: number): void;
  /** Iterations a second of each task; null is full speed. */
  speed(iterationsPerSecond: number | null): void;
}

export interface WebRunnerOptions extends RunnerOptions {
  /** Where tasks read data sets; one for all runners of a page. */
  readonly data: DataSource;
}

/** Runs tasks in Web Workers. */
export interface WebRunner extends TaskRunner {
  readonly pace: PaceControl;
  /**
   * Starts workers where so many are not idle, so that they are there when they are needed.
   * @param rows of the data set, which they then load before a task asks for them
   */
  warm(workers: number, rows?: RowsNeeded): void;
  /** A run's tasks, planned in a worker. @throws DataError */
  plan(asked: PlanAsked): Promise<Task[]>;
  /** What to look at inside the networks from now on; null ends it. */
  setWatch(watch: Watch | null): void;
}

/**
 * Runs tasks in Web Workers, one at a time in each. Workers are kept between runs; one that dies takes only its own task
 * with it and is replaced. `auto` is the fastest WASM that the browser has; the numbers of `wasm-simd` are those of Node,
 * bit for bit.
 * @throws DataError when the backend asked for is not available here
 */
export function openWebRunner(options: WebRunnerOptions): WebRunner {
  const { dtype, data } = options;
  const kernels = webKernels(options.backend, capabilities());
  const all = new Set<WebWorker>();
  let state: PaceState = { held: false, speed: null };
  let watch: Watch | null = null;
  const closing = new AbortController();

  const start = () => {
    const worker = new WebWorker({ kernels, dtype, data, pace: state, watch, onGone: () => all.delete(worker) });
    all.add(worker);
    return worker;
  };
  const pool = new TaskPool({ workers: options.workers, start });

  const setPace = (next: PaceState) => {
    state = next;
    for (const worker of all) {
      worker.say({ kind: "pace", pace: state });
    }
  };

  return {
    kernels,
    dtype,
    workers: options.workers,
    // The workers tell it themselves, once they have rows.
    origins: async () => [],
    pace: {
      pause: () => setPace({ ...state, held: true }),
      resume: () => setPace({ ...state, held: false }),
      speed: (speed) => setPace({ ...state, speed }),
      step(iterations) {
        if (!state.held) {
          setPace({ ...state, held: true });
        }
        for (const worker of all) {
          worker.say({ kind: "step", iterations });
        }
      },
    },
    setWatch(next) {
      watch = next;
      for (const worker of all) {
        worker.say({ kind: "watch", watch });
      }
    },
    warm(workers, rows) {
      for (let i = 0; i < Math.min(workers, options.workers); i++) {
        void pool.lend(async (worker) => {
          if (rows !== undefined) {
            worker.say({ kind: "rows", needed: rows });
          }
        });
      }
    },
    plan: (asked) => pool.lend((worker) => worker.plan(asked)),
    run: (experiment, tasks, signal) => pool.run(experiment, tasks, AbortSignal.any([signal, closing.signal])),
    async close() {
      closing.abort();
      for (const worker of all) {
        worker.terminate();
      }
    },
  };
}
