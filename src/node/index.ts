/**
 * Tanren in Node: everything of `@tanren/core/node` (native kernels, data sets, searches on threads), with PNG, experiments
 * on worker threads, the stores of runs and studies, and searches on many machines.
 *
 * @module
 */
export { openSqliteStore, type SqliteStoreOptions } from "../store/sqlite.ts";
export { isPostgres } from "../store/store-address.ts";
export * from "./core.ts";
export { newDocument } from "./document.ts";
export { type PngOptions, renderPng } from "./png.ts";
export { RenderError } from "./renderer.ts";
export { type RunExperimentOptions, runExperiment } from "./run-experiment.ts";
export { StudyQueue } from "./study-queue.ts";
export { type OpenStudyStoreOptions, openStudyStore } from "./study-store.ts";
export { runWorker, type StudyWorkerOptions, type WorkerEvent } from "./study-worker.ts";
export { openWorkerRunner } from "./worker-runner.ts";
