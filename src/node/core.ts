/**
 * What Node adds to the core: native kernels, data sets from files, searches on worker threads.
 *
 * @module
 */

export type { StudyRecord, StudyStore } from "../store/study-store.ts";
export { loadDataset } from "./datasets.ts";
export { type DownloadOptions, downloadMnist } from "./download.ts";
export { selectKernels } from "./kernels.ts";
export { readIdx, readMnist } from "./mnist-folder.ts";
export { loadModel, readCsv } from "./model-files.ts";
export type { StudyEvent } from "./study-events.ts";
export { runStudyPool, type StudyPoolOptions } from "./study-pool.ts";
export type { StudyProgress } from "./study-progress.ts";
export { builtinObjectives, loadObjective, type ObjectiveRef, objectiveRef } from "./trial-objective.ts";
