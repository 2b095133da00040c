import type { Told } from "../core/text.ts";

const reasons: Readonly<Record<string, Told>> = {
  ENOENT: { en: "no such file", ja: "そのようなファイルはありません" },
  EACCES: { en: "a file that this user may not read", ja: "読み取りの権限がありません" },
  EPERM: { en: "a file that this user may not read", ja: "読み取りの権限がありません" },
  EISDIR: { en: "a folder", ja: "フォルダーです" },
  ENOTDIR: { en: "a path that leads through a file", ja: "パスの途中がフォルダーではありません" },
  ENAMETOOLONG: { en: "a name that is too long", ja: "名前が長すぎます" },
};

/** Why the file system would not have a file read, without its codes. */
export function whyUnreadable(error: unknown): Told {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return reasons[code] ?? { en: message, ja: message };
}
