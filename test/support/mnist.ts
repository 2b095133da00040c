import type { Dataset } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/node/data/datasets.ts";

let loaded: Promise<Dataset> | undefined;

/** MNIST, read once for all files that one process of Vitest runs: for who changes nothing in it. */
export function mnist(): Promise<Dataset> {
  loaded ??= loadDataset("mnist");
  return loaded;
}
