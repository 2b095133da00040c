/**
 * Tanren in Node: everything of `@tanren/core/node` (native kernels, data sets, searches on threads), with PNG, experiments
 * on worker threads, the stores of runs and studies, and searches on many machines.
 *
 * @module
 */

export * from "./core.ts";
export { type PngOptions, renderPng } from "./figure/png.ts";
export { RenderError } from "./figure/renderer.ts";
export { type RunExperimentOptions, runExperiment } from "./runs/run-experiment.ts";
export { openWorkerRunner, type WorkerRunnerOptions } from "./runs/worker-runner.ts";
export { openSqliteStore, type SqliteStoreOptions } from "./store/sqlite-runs.ts";
export { isPostgres } from "./store/store-address.ts";
export { type OpenStudyStoreOptions, openStudyStore } from "./store/study-store.ts";
export { type Delivery, StudyQueue } from "./study/queue.ts";
export { runWorker, type StudyWorkerOptions, type WorkerEvent } from "./study/worker.ts";
