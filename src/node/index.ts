/**
 * Tanren in Node: native kernels, data sets, PNG, worker threads, the run store.
 *
 * @module
 */
export { openSqliteStore, type SqliteStoreOptions } from "../store/sqlite.ts";
export { loadDataset } from "./datasets.ts";
export { newDocument } from "./document.ts";
export { type DownloadOptions, downloadMnist } from "./download.ts";
export { selectKernels } from "./kernels.ts";
export { readIdx, readMnist } from "./mnist-folder.ts";
export { type PngOptions, renderPng } from "./png.ts";
export { type RunExperimentOptions, runExperiment } from "./run-experiment.ts";
export { openWorkerRunner } from "./worker-runner.ts";
