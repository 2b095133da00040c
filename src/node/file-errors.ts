import { DataError } from "../core/errors.ts";
import type { Told } from "../core/text.ts";

const forbidden = { en: "a folder that may not be written", ja: "書き込みの権限がありません" };
const inTheWay = { en: "a file where a folder should be", ja: "フォルダーの場所にファイルがあります" };
const tooLong = { en: "a name that is too long", ja: "名前が長すぎます" };
const full = { en: "a full disk", ja: "ディスクに空きがありません" };

const unwritten: Readonly<Record<string, Told>> = {
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: { en: "a read-only file system", ja: "読み取り専用のファイルシステムです" },
  ENOSPC: full,
  EDQUOT: full,
  EFBIG: { en: "a limit on the size of files", ja: "ファイルの大きさの上限を超えます" },
  ENOENT: { en: "a folder that is no longer there", ja: "フォルダーがなくなっています" },
  ENOTDIR: inTheWay,
  EEXIST: inTheWay,
  EISDIR: { en: "a folder of that name", ja: "同じ名前のフォルダーがあります" },
  ENAMETOOLONG: tooLong,
};

/** What no other source of the bytes would help against. */
const lasting: readonly string[] = ["ENOSPC", "EDQUOT", "EFBIG", "EACCES", "EPERM", "EROFS"];

/** Whether an error says that this machine's file system takes no more, or nothing from this user. */
export const isUnwritable = (error: unknown): boolean => lasting.includes((error as NodeJS.ErrnoException).code ?? "");

/**
 * What to throw when something could not be written: why, without the system's codes.
 * @param place the beginning of the sentence: "save: a.onnx", "save: a.onnx に"
 */
export function unwritable(place: Told, error: unknown, remedy: Told): DataError {
  if (error instanceof DataError) {
    return error;
  }
  const why = whyOf(error, unwritten);
  return new DataError(
    {
      en: `${place.en} must be writable, got ${why.en}. ${remedy.en}`,
      ja: `${place.ja}書き込めませんでした(${why.ja})。${remedy.ja}`,
    },
    { cause: error },
  );
}

/** Of the folder where data sets are kept. */
export const unwritableData = (what: string, folder: string, error: unknown): DataError =>
  unwritable({ en: `${what}: ${folder}`, ja: `${what}: ${folder} に` }, error, {
    en: "Make it writable or set TANREN_HOME.",
    ja: "書き込めるようにするか、TANREN_HOME で別の場所を指定してください。",
  });

const mayNot = { en: "a file that this user may not read", ja: "読み取りの権限がありません" };

const unread: Readonly<Record<string, Told>> = {
  ENOENT: { en: "no such file", ja: "そのようなファイルはありません" },
  EACCES: mayNot,
  EPERM: mayNot,
  EISDIR: { en: "a folder", ja: "フォルダーです" },
  ENOTDIR: { en: "a path that leads through a file", ja: "パスの途中がフォルダーではありません" },
  ENAMETOOLONG: tooLong,
};

/** Why the file system would not have a file read, without its codes. */
export const whyUnreadable = (error: unknown): Told => whyOf(error, unread);

function whyOf(error: unknown, reasons: Readonly<Record<string, Told>>): Told {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return reasons[code] ?? { en: message, ja: message };
}
