/**
 * What Node adds to the core: native kernels, data sets from files, searches on worker threads.
 *
 * @module
 */

export type { MnistFile } from "../data/mnist.ts";
export type { StudyRecord, StudyStore } from "../store/studies/study-store.ts";
export { loadDataset } from "./data/datasets.ts";
export { type DownloadOptions, downloadMnist } from "./data/download.ts";
export { editionsOnThread } from "./data/editions.ts";
export { readIdx, readMnist } from "./data/mnist-folder.ts";
export { loadModel, readCsv } from "./model-files.ts";
export { selectKernels } from "./native-kernels.ts";
export type { StudyEvent } from "./study/events.ts";
export type { StudyHost, ThreadsOptions, TrialRunner } from "./study/host.ts";
export {
  builtinObjectives,
  type Declared,
  loadObjective,
  type ObjectiveRef,
  objectiveRef,
} from "./study/objective/objective.ts";
export { runStudyPool, type StudyPoolOptions } from "./study/pool.ts";
export type { StudyProgress } from "./study/progress.ts";
export type { Question, ToTrialThread, TrialEnd } from "./study/trial/protocol.ts";
export type { ThreadEnd, TrialHost, TrialThread, TrialThreadOptions } from "./study/trial/thread.ts";
