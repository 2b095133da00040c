import { lstatSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { unwritable } from "./file-errors.ts";
import { pathOf } from "./file-path.ts";
import { withFolderAsync } from "./store/make-folder.ts";

let count = 0;

/**
 * Writes a file under another name first, so that the right name never belongs to half of it; into a pipe or a device as
 * they are. @throws DataError
 */
export async function writeWhole(file: string | URL, bytes: Uint8Array): Promise<void> {
  const path = pathOf("save", file);
  let temporary: string | undefined;
  try {
    const place = writingPlace(path);
    if (place.inPlace) {
      await writeFile(place.path, bytes);
      return;
    }
    const name = basename(place.path);
    const own = `.${name}-${process.pid}-${++count}.tmp`;
    await withFolderAsync(dirname(place.path), async (folder) => {
      temporary = join(folder, own);
      await writeFile(temporary, bytes, { flush: true });
      await rename(temporary, join(folder, name));
    });
  } catch (error) {
    if (temporary !== undefined) {
      await rm(temporary, { force: true });
    }
    throw unwritable({ en: `save: ${path}`, ja: `save: ${path} に` }, error, {
      en: "Give another path.",
      ja: "別のパスを指定してください。",
    });
  }
}

export interface WritingPlace {
  /** Where the bytes go: of a link the file that it names, so that the link stays. */
  readonly path: string;
  /** A pipe or a device takes bytes as they come; a file put in its place would reach nobody. */
  readonly inPlace: boolean;
}

/** Where what is written under a name goes. @throws the system's error of a name that leads nowhere (ELOOP, EACCES …) */
export function writingPlace(path: string): WritingPlace {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined) {
    return found.isFile() ? { path: realpathSync(path), inPlace: false } : { path, inPlace: !found.isDirectory() };
  }
  // A link may name a file that is yet to be made.
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()
    ? writingPlace(resolve(dirname(path), readlinkSync(path)))
    : { path, inPlace: false };
}
