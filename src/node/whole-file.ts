import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DataError } from "../core/errors.ts";

let count = 0;

/** Writes a file under another name first, so that the right name never belongs to half of it. @throws DataError */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  let temporary: string | undefined;
  try {
    const folder = dirname(path);
    await mkdir(folder, { recursive: true });
    count++;
    temporary = join(folder, `.${basename(path)}-${process.pid}-${count}.tmp`);
    await writeFile(temporary, bytes, { flush: true });
    await rename(temporary, join(folder, basename(path)));
  } catch (error) {
    if (temporary !== undefined) {
      await rm(temporary, { force: true });
    }
    const { message } = error as Error;
    throw new DataError(
      {
        en: `save: ${path} must be writable, got "${message}". Give another path.`,
        ja: `save: ${path} に書き込めません(${message})。別のパスを指定してください。`,
      },
      { cause: error },
    );
  }
}
