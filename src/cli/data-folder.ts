import { statSync } from "node:fs";
import { DataError } from "../core/errors.ts";
import { absolute } from "../node/store/make-folder.ts";

/** Lets every thread of this process find the data sets in a folder. @throws DataError when there is none */
export function useDataFolder(folder: string): void {
  const path = absolute(folder);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new DataError({
      en: `--data-folder: must be a folder, got "${folder}", where there is none. Check the path.`,
      ja: `--data-folder: "${folder}" というフォルダーはありません。パスを確かめてください。`,
    });
  }
  process.env.TANREN_DATA = path;
}
