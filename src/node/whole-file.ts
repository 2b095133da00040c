import { rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { unwritable } from "./file-errors.ts";
import { pathOf } from "./file-path.ts";
import { makeFolder } from "./store/make-folder.ts";
import { writingPlace } from "./writing-place.ts";

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
    const folder = makeFolder(dirname(place.path));
    const name = basename(place.path);
    count++;
    temporary = join(folder, `.${name}-${process.pid}-${count}.tmp`);
    await writeFile(temporary, bytes, { flush: true });
    await rename(temporary, join(folder, name));
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
