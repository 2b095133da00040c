import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { DataError } from "../core/errors.ts";
import { describeValue } from "../core/foreign-value.ts";

/** The path of a file that is named by it or by a `file:` URL. @throws DataError on anything else */
export function pathOf(where: string, file: string | URL): string {
  if (typeof file === "string") {
    return file;
  }
  try {
    return fileURLToPath(file);
  } catch (error) {
    const got = file instanceof URL ? file.href : describeValue(file);
    throw new DataError(
      {
        en: `${where}: must be given a file's path or a file: URL, got ${got}. Give one of them.`,
        ja: `${where}: ファイルのパスか file: の URL を指定してください(指定された値: ${got})。`,
      },
      { cause: error },
    );
  }
}

/**
 * What a file is called in sentences and titles: the last part of its path; of a descriptor, as `<(…)` of a shell gives one,
 * which path it is, since its last part is a mere number.
 */
export function fileName(path: string): string {
  const [, number] = /^\/(?:dev|proc\/(?:self|thread-self|\d+))\/fd\/(\d+)$/.exec(path) ?? [];
  const stdin = number === "0" || path === "/dev/stdin";
  return stdin ? "standard input" : number === undefined ? basename(path) : `/dev/fd/${number}`;
}
