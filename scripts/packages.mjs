// Which part of src/ belongs to which npm package, in one place: boundaries.mjs refuses what would break it, pack.mjs cuts
// the packages by it. Everything that is not named here is `tanren`'s.

/** Rooms of `@tanren/core`. They import nothing from npm. */
export const coreRooms = [
  "core",
  "data",
  "formats",
  "formula",
  "init",
  "kernels",
  "model",
  "nn",
  "optim",
  "schedule",
  "search",
  "train",
];

/** What of those rooms lies above the core: it draws. */
const notCore = ["search/views/"];

/** What `@tanren/core` has of other rooms: the contract of study stores, and what Node adds. Files, or how their names begin. */
const coreFiles = [
  "core-index.ts",
  "node/core.ts",
  "node/data/datasets.ts",
  "node/data/download.ts",
  "node/data/edition",
  "node/data/idx-folder.ts",
  "node/data/mnist-folder.ts",
  "node/file-errors.ts",
  "node/file-path.ts",
  "node/model-files.ts",
  "node/native-kernels.ts",
  "node/paths.ts",
  "node/rules.generated.ts",
  "node/store/make-folder.ts",
  "node/store/store-address.ts",
  "node/study/crew.ts",
  "node/study/events.ts",
  "node/study/heartbeat.ts",
  "node/study/host.ts",
  "node/study/objective/",
  "node/study/pool.ts",
  "node/study/progress.ts",
  "node/study/resume.ts",
  "node/study/trial/",
  "node/whole-file.ts",
  "store/studies/study-settings.ts",
  "store/studies/study-store.ts",
];

/** @param {string} path of a file, from src/ on, with `/` */
export function isCore(path) {
  const [room] = path.split("/");
  return (
    (coreRooms.includes(room) && !notCore.some((part) => path.startsWith(part))) ||
    coreFiles.some((part) => path.startsWith(part))
  );
}

/** What of it runs where there is no Node: all but these. */
export function needsNode(path) {
  return path.startsWith("node/");
}

/** The doors of the packages: what their users import, and what starts as a thread or a process of its own. */
export const doors = {
  core: {
    public: ["core-index.ts", "node/core.ts"],
    own: ["node/study/trial/worker.ts", "node/data/edition-thread.ts"],
  },
  tanren: {
    public: ["index.ts", "node/index.ts"],
    own: ["cli/main.ts", "node/runs/thread.ts", "node/figure/render-process.ts"],
  },
};

/** npm packages that are bundled into `tanren`; the others are installed beside it. */
export const bundled = ["katex", "yaml"];
