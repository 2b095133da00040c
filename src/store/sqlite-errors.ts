import { DataError } from "../core/errors.ts";

type Sentence = readonly [holds: string, came: string, advice: string, ja: string];

const locked: Sentence = [
  "must be free to write",
  "a lock that another process holds",
  "Try again when it has finished.",
  "別のプロセスがロックしています。その処理が終わってから、もう一度実行してください。",
];

/** What Tanren made in the file is no longer there, or is not as it was made: another program has changed it. */
const changedByOthers = /^no such (table|column|index)|has no column named|malformed database schema|already exists/;

const changed = (message: string): Sentence => [
  "must hold its tables as Tanren made them",
  `"${message}"`,
  "Another program has changed the file: restore a copy, or give another with --store.",
  `テーブルが作成時と異なります("${message}")。別のプログラムが書き換えたようです。控えから復元するか、--store で別のファイルを指定してください。`,
];

/** SQLite's primary result codes that a person can do something about: https://sqlite.org/rescode.html */
const sentences: Readonly<Record<number, Sentence>> = {
  5: locked,
  6: locked,
  8: [
    "must be writable",
    "a read-only file or folder",
    "Change its permissions or give another with --store.",
    "読み取り専用のため書き込めません。権限を変えるか、--store で別のファイルを指定してください。",
  ],
  10: [
    "must be readable and writable",
    "an error of the disk",
    "Check the disk (free space, limits, health).",
    "ディスクの読み書きでエラーが起きました。ディスク(空き、上限、故障)を確かめてください。",
  ],
  11: [
    "must be a sound database",
    "a damaged file",
    "Restore a copy, or give another with --store.",
    "データベースが壊れています。控えから復元するか、--store で別のファイルを指定してください。",
  ],
  13: [
    "needs free space",
    "a full disk",
    "Free some; everything recorded before is kept.",
    "ディスクに空きがありません。空きを作ってください。ここまでの記録は残っています。",
  ],
  14: [
    "must be a file that can be opened",
    "a refusal",
    "Check that its folder exists and may be written.",
    "ファイルを開けませんでした。フォルダーがあること、書き込めることを確かめてください。",
  ],
  26: [
    "must be a run store",
    "a file that is not an SQLite database",
    "Give another with --store.",
    "SQLite のデータベースではありません。--store で別のファイルを指定してください。",
  ],
};

const closed: Sentence = [
  "must be open",
  "one that is closed",
  "Open it again.",
  "すでに閉じられています。もう一度開いてください。",
];

const unknown = (message: string | undefined): Sentence => [
  "must do as asked",
  `"${message}"`,
  "Report this.",
  `SQLite がエラーを返しました("${message}")。この内容を報告してください。`,
];

/** Says in one sentence what SQLite reported about `path`; an error that is not SQLite's comes back as it is. */
export function explainSqlite(error: unknown, path: string): unknown {
  const { code, errcode, message } = error as { code?: string; errcode?: number; message?: string };
  // Node's own, of a connection or a statement that was closed, and Kysely's.
  const isClosed = code === "ERR_INVALID_STATE" || /driver has already been destroyed/.test(message ?? "");
  if (!isClosed && (code !== "ERR_SQLITE_ERROR" || errcode === undefined)) {
    return error;
  }
  const [holds, came, advice, ja] = isClosed
    ? closed
    : (sentences[errcode! & 0xff] ?? (changedByOthers.test(message ?? "") ? changed(message!) : unknown(message)));
  return new DataError(
    { en: `run store ${path}: ${holds}, got ${came}. ${advice}`, ja: `run store ${path}: ${ja}` },
    { cause: error },
  );
}

/** Whether an error says that another process holds the store, as SQLite threw it or in a sentence. */
export function isBusy(error: unknown): boolean {
  return [5, 6].includes(resultCode(error));
}

/** Whether the same may succeed later: another process lets go, somebody frees space, a disk recovers. */
export function mayPass(error: unknown): boolean {
  return [5, 6, 10, 13].includes(resultCode(error));
}

/** SQLite's primary result code; 0 of an error that is none of SQLite's. */
function resultCode(error: unknown): number {
  const { code, errcode = 0, cause } = (error ?? {}) as { code?: string; errcode?: number; cause?: unknown };
  return code === "ERR_SQLITE_ERROR" ? errcode & 0xff : cause === undefined ? 0 : resultCode(cause);
}

/** Runs `action`; what SQLite throws becomes a DataError about `path`. */
export function explained<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw explainSqlite(error, path);
  }
}
