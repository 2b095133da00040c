import { type BigIntStats, statSync } from "node:fs";
import { DataError } from "../../core/errors.ts";
import type { Told } from "../../core/text.ts";

/**
 * Makes sure that a store can be at a path: nothing is there yet, or a file is. Opening a FIFO would wait for ever.
 * @param where begins the error's sentence, such as `run store`
 * @throws DataError when a folder, a FIFO, a socket or a device is there
 */
export function checkStorePath(path: string, where: string): void {
  const found = lookAt(path);
  if (found !== undefined && !found.isFile()) {
    throw new DataError({
      en: `${where} ${path}: must be a file, got ${kindOf(found).en}. Give a file with --store.`,
      ja: `${where} ${path}: ファイルを指定してください(${kindOf(found).ja}があります)。--store で指定します。`,
    });
  }
}

/** The file of a store that is open. SQLite goes on writing into one that was deleted, where nobody will find it. */
export class StoreFile {
  private readonly path: string;
  private readonly where: string;
  private readonly opened: BigIntStats | undefined;

  constructor(path: string, where: string) {
    this.path = path;
    this.where = where;
    this.opened = lookAt(path);
  }

  /** @throws DataError when the file that was opened is not at its path any more */
  mustBeThere(): void {
    if (this.opened === undefined) {
      return;
    }
    const now = lookAt(this.path);
    if (now === undefined || now.ino !== this.opened.ino || now.dev !== this.opened.dev) {
      const came =
        now === undefined
          ? { en: "none: it was deleted or moved", ja: "削除または移動されました" }
          : { en: "another in its place", ja: "別のファイルに置き換えられました" };
      throw new DataError({
        en: `${this.where} ${this.path}: the file that was opened must stay there, got ${came.en}. What was recorded in it is not there any more; leave a store alone while it is written.`,
        ja: `${this.where} ${this.path}: 開いていたファイルが${came.ja}。記録した内容はもうここにありません。書き込み中のストアには触れないでください。`,
      });
    }
  }
}

function lookAt(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    // Its folder may not be looked into; whoever opens the file says so.
    return undefined;
  }
}

function kindOf(found: BigIntStats): Told {
  if (found.isDirectory()) {
    return { en: "a folder", ja: "フォルダー" };
  }
  if (found.isFIFO()) {
    return { en: "a FIFO", ja: "FIFO" };
  }
  return found.isSocket() ? { en: "a socket", ja: "ソケット" } : { en: "a device", ja: "デバイス" };
}
