import { type BigIntStats, statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { DataError } from "../../core/errors.ts";
import type { Told } from "../../core/text.ts";
import { explained, isBusy } from "../../store/sqlite-errors.ts";

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

/**
 * The file of a store that is open. SQLite goes on writing into one that was deleted, where nobody will find it, and beside
 * what somebody cut off or wrote over: it works with the pages that it remembers.
 */
export class StoreFile {
  private readonly path: string;
  private readonly where: string;
  private readonly opened: BigIntStats | undefined;
  private size: bigint;

  constructor(path: string, where: string) {
    this.path = path;
    this.where = where;
    this.opened = lookAt(path);
    this.size = this.opened?.size ?? 0n;
  }

  /** @throws DataError when the file that was opened is not at its path any more, or was cut off */
  mustBeThere(): void {
    if (this.opened === undefined) {
      return;
    }
    const now = lookAt(this.path);
    if (now === undefined || now.ino !== this.opened.ino || now.dev !== this.opened.dev) {
      throw this.lost(
        now === undefined
          ? { en: "none: it was deleted or moved", ja: "削除または移動されました" }
          : { en: "another in its place", ja: "別のファイルに置き換えられました" },
      );
    }
    // A VACUUM makes it shorter too, and leaves it sound. An empty file is not to be opened: SQLite would delete its log.
    if (now.size < this.size && (now.size === 0n || !staysSound(this.path))) {
      throw this.lost({
        en: `one that was cut off (${now.size} bytes after ${this.size})`,
        ja: `途中で切り詰められました(${this.size} バイトから ${now.size} バイト)`,
      });
    }
    this.size = now.size;
  }

  /**
   * Looks as another process would, not at what the open connection remembers: at every page of a file of usual size, at
   * the schema of a larger one.
   * @param ask what else is to be seen
   * @throws DataError when the file is not there, or holds no sound database any more; where something is asked, also when
   * another process holds it
   */
  mustBeReadable(ask?: (db: DatabaseSync) => void): void {
    this.mustBeThere();
    if (this.opened === undefined) {
      return;
    }
    try {
      explained(this.path, () =>
        askAnew(this.path, (db) => {
          if (!(this.size <= checkedWhole ? isSound(db) : hasSchema(db))) {
            throw new DataError({
              en: `${this.where} ${this.path}: must be a sound database, got a damaged file. Something else wrote into it; restore a copy, or give another with --store.`,
              ja: `${this.where} ${this.path}: データベースが壊れています。ほかの何かがファイルに書き込みました。控えから復元するか、--store で別のファイルを指定してください。`,
            });
          }
          ask?.(db);
        }),
      );
    } catch (error) {
      // Whoever holds it can read it.
      if (ask !== undefined || !isBusy(error)) {
        throw error;
      }
    }
  }

  private lost(came: Told): DataError {
    return new DataError({
      en: `${this.where} ${this.path}: the file that was opened must stay there, got ${came.en}. What was recorded in it is not there any more; leave a store alone while it is written.`,
      ja: `${this.where} ${this.path}: 開いていたファイルが${came.ja}。記録した内容はもうここにありません。書き込み中のストアには触れないでください。`,
    });
  }
}

/** What looks after an open file; a simulation gives its own. */
export type WatchedFile = Pick<StoreFile, "mustBeThere" | "mustBeReadable">;

/** A file of so many bytes is checked whole when a run ends and when it is closed: that takes some hundredths of a second. */
const checkedWhole = 32n * 1024n * 1024n;

/** Milliseconds that a second connection waits for a lock; whoever asked tries again. */
const lookPatience = 100;

function askAnew<T>(path: string, ask: (db: DatabaseSync) => T): T {
  // Not for reading only: whoever closes such a connection last leaves the log's files behind.
  const db = new (sqliteDriver().DatabaseSync)(path, { timeout: lookPatience });
  try {
    return ask(db);
  } finally {
    db.close();
  }
}

function isSound(db: DatabaseSync): boolean {
  return db.prepare("PRAGMA quick_check(1)").get()?.quick_check === "ok";
}

function hasSchema(db: DatabaseSync): boolean {
  return Number(db.prepare("SELECT count(*) AS parts FROM sqlite_schema").get()?.parts) > 0;
}

function staysSound(path: string): boolean {
  try {
    return askAnew(path, isSound);
  } catch (error) {
    // Another process holds it: the next look will tell.
    return isBusy(error);
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

/**
 * Node's SQLite, looked up when a store is opened: whoever opens none may run on what has none.
 * @throws DataError where there is none
 */
export function sqliteDriver(): typeof import("node:sqlite") {
  const found = globalThis.process?.getBuiltinModule?.("node:sqlite");
  if (found === undefined) {
    const { bun, node } = globalThis.process?.versions ?? {};
    const got = bun === undefined ? `Node ${node ?? "–"}` : `Bun ${bun}`;
    throw new DataError({
      en: `store: needs Node 22.13 or newer for its SQLite, got ${got}. Install a newer Node.`,
      ja: `store: SQLite を使うには Node 22.13 以降が必要です(実行中: ${got})。新しい Node を入れてください。`,
    });
  }
  return found;
}
