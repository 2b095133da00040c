import { rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { unwritable } from "./file-errors.ts";
import { makeFolder } from "./store/make-folder.ts";

let count = 0;

/** Writes a file under another name first, so that the right name never belongs to half of it. @throws DataError */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  let temporary: string | undefined;
  try {
    const folder = makeFolder(dirname(path));
    count++;
    temporary = join(folder, `.${basename(path)}-${process.pid}-${count}.tmp`);
    await writeFile(temporary, bytes, { flush: true });
    await rename(temporary, join(folder, basename(path)));
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
