/**
 * Tanren in Node: native kernels, data sets, PNG, worker threads, the stores of runs and studies, searches on many threads
 * and machines.
 *
 * @module
 */
export { openSqliteStore, type SqliteStoreOptions } from "../store/sqlite.ts";
export { isPostgres } from "../store/store-address.ts";
export { loadDataset } from "./datasets.ts";
export { newDocument } from "./document.ts";
export { type DownloadOptions, downloadMnist } from "./download.ts";
export { selectKernels } from "./kernels.ts";
export { readIdx, readMnist } from "./mnist-folder.ts";
export { type PngOptions, renderPng } from "./png.ts";
export { RenderError } from "./renderer.ts";
export { type RunExperimentOptions, runExperiment } from "./run-experiment.ts";
export type { StudyEvent } from "./study-events.ts";
export { runStudyPool, type StudyPoolOptions } from "./study-pool.ts";
export type { StudyProgress } from "./study-progress.ts";
export { StudyQueue } from "./study-queue.ts";
export { type OpenStudyStoreOptions, openStudyStore } from "./study-store.ts";
export { runWorker, type StudyWorkerOptions, type WorkerEvent } from "./study-worker.ts";
export { builtinObjectives, loadObjective, type ObjectiveRef, objectiveRef } from "./trial-objective.ts";
export { openWorkerRunner } from "./worker-runner.ts";
