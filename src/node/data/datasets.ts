import { resolve } from "node:path";
import { DataError, suggest, suggestName } from "../../core/errors.ts";
import type { Dataset } from "../../data/dataset.ts";
import { findMnist, readMnist } from "./mnist-folder.ts";

export const datasetNames = ["mnist"] as const;

/** A data set by name, from a folder when one is given. @throws DataError when the name is unknown or its files are not there or not right */
export async function loadDataset(name: string, folder?: string): Promise<Dataset> {
  if (name !== "mnist") {
    throw new DataError({
      en: `data: must be a known data set, got "${name}". ${suggest(String(name), datasetNames)}`,
      ja: `data: "${name}" というデータセットはありません。${suggestName(String(name), datasetNames).ja}`,
    });
  }
  if (folder !== undefined) {
    return { ...(await readMnist(folder)), folder: resolve(folder) };
  }
  const found = findMnist();
  const dataset = await readMnist(found.folder);
  return found.origin === "TANREN_DATA" ? { ...dataset, folder: resolve(found.folder) } : dataset;
}
