import { DataError } from "../../core/errors.ts";
import type { Told } from "../../core/text.ts";
import type { RunDb, RunRow } from "./run-db.ts";

/** What is in the database; raised when that changes, with a step in {@link upgrade}. */
const schema = 1;

/** Milliseconds that another tab with an older schema may keep this one waiting. */
const patience = 3000;

export interface IndexedRunDbOptions {
  /** Of the database. */
  readonly name: string;
  /** Called when this connection can no longer be used: a newer studio in another tab needs the database. */
  readonly onOutdated: () => void;
}

/** Runs in IndexedDB. @throws DataError when it cannot be opened, with the reason */
export async function openIndexedRunDb(options: IndexedRunDbOptions): Promise<RunDb> {
  const db = new IndexedRunDb(options);
  await db.open();
  return db;
}

class IndexedRunDb implements RunDb {
  private readonly options: IndexedRunDbOptions;
  private opening: Promise<IDBDatabase> | null = null;
  private connection: IDBDatabase | null = null;

  constructor(options: IndexedRunDbOptions) {
    this.options = options;
  }

  /** The connection; made anew where the browser closed it, as it does when a person clears the site's data. */
  open(): Promise<IDBDatabase> {
    this.opening ??= this.connect();
    return this.opening;
  }

  private async connect(): Promise<IDBDatabase> {
    try {
      this.connection = await connect(this.options, () => this.forget());
      return this.connection;
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  private forget(): void {
    this.opening = null;
    this.connection = null;
  }

  rows(): Promise<RunRow[]> {
    return this.within("readonly", ({ runs }) => result<RunRow[]>(runs.getAll()));
  }

  row(id: string): Promise<RunRow | undefined> {
    return this.within("readonly", ({ runs }) => result<RunRow | undefined>(runs.get(id)));
  }

  chunks(id: string): Promise<string[]> {
    return this.within("readonly", ({ chunks }) => result<string[]>(chunks.getAll(ofRun(id))));
  }

  write(
    id: string,
    change: (row: RunRow | undefined) => RunRow,
    from: number,
    texts: readonly string[],
  ): Promise<void> {
    return this.within("readwrite", async ({ runs, chunks }) => {
      texts.forEach((text, i) => {
        chunks.put(text, [id, from + i]);
      });
      runs.put(change(await result<RunRow | undefined>(runs.get(id))));
    });
  }

  delete(id: string): Promise<void> {
    return this.within("readwrite", async ({ runs, chunks }) => {
      runs.delete(id);
      chunks.delete(ofRun(id));
    });
  }

  close(): void {
    this.connection?.close();
    this.forget();
  }

  /** Does something in one transaction; resolves when it is on disk. @throws DataError when it could not be done */
  private async within<T>(
    mode: IDBTransactionMode,
    action: (stores: { runs: IDBObjectStore; chunks: IDBObjectStore }) => Promise<T>,
  ): Promise<T> {
    try {
      const transaction = await this.begin(mode);
      const ended = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () =>
          reject(transaction.error ?? new DOMException("the transaction was aborted", "AbortError"));
      });
      // When the action fails first, that error is the one to tell.
      ended.catch(() => {});
      const value = await action({ runs: transaction.objectStore("runs"), chunks: transaction.objectStore("chunks") });
      await ended;
      return value;
    } catch (error) {
      throw new DataError(reasonOf(error), { cause: error });
    }
  }

  private async begin(mode: IDBTransactionMode): Promise<IDBTransaction> {
    const names = ["runs", "chunks"];
    const options = { durability: "strict" as const };
    try {
      return (await this.open()).transaction(names, mode, options);
    } catch (error) {
      if ((error as DOMException).name !== "InvalidStateError") {
        throw error;
      }
      // The connection was closed under our feet.
      this.forget();
      return (await this.open()).transaction(names, mode, options);
    }
  }
}

/** Every key [id, number] of one run. */
function ofRun(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []]);
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function connect({ name, onOutdated }: IndexedRunDbOptions, onClosed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, schema);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let late = false;
    request.onupgradeneeded = ({ oldVersion }) => upgrade(request.result, oldVersion);
    request.onblocked = () => {
      timer = setTimeout(() => {
        late = true;
        reject(new DataError(otherTab));
      }, patience);
    };
    request.onerror = () => {
      clearTimeout(timer);
      const newer = request.error?.name === "VersionError";
      reject(newer ? new DataError(otherTab, { cause: request.error }) : request.error);
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      const db = request.result;
      if (late) {
        db.close();
        return;
      }
      db.onclose = onClosed;
      db.onversionchange = () => {
        db.close();
        onOutdated();
      };
      resolve(db);
    };
  });
}

function upgrade(db: IDBDatabase, from: number): void {
  if (from < 1) {
    db.createObjectStore("runs", { keyPath: "id" });
    db.createObjectStore("chunks");
  }
}

/** What a person reads where another version of the studio uses the database. */
export const otherTab: Told = {
  en: "Another tab has a different version of the studio open: runs of this tab are kept only until it is closed. Close the other tabs and reload this one.",
  ja: "別のタブで異なるバージョンの studio が開いています。このタブの実行結果は、タブを閉じると失われます。他のタブを閉じて、このタブを再読み込みしてください。",
};

function reasonOf(error: unknown): Told {
  if (error instanceof DataError) {
    return error.text as Told;
  }
  const { name = "", message = "" } = error as DOMException;
  if (name === "QuotaExceededError") {
    return {
      en: "This browser's storage is full: the run goes on, but what it records is kept only until the page is closed. Delete some runs, or export them.",
      ja: "ブラウザーの保存領域がいっぱいです。実行は続きますが、記録はページを閉じると失われます。古い実行を削除するか、エクスポートしてください。",
    };
  }
  return {
    en: `This browser keeps no data for this page (${name}: ${message}): runs are kept only until it is closed. Private windows do this; export what you want to keep.`,
    ja: `このページのデータをブラウザーに保存できません(${name}: ${message})。実行結果はページを閉じると失われます。プライベートウィンドウではこうなります。必要なものはエクスポートしてください。`,
  };
}

/** The sentence for a browser that does not let this page keep anything. */
export function noStorage(error: unknown): Told {
  return reasonOf(error);
}
