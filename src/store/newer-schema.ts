import { DataError } from "../core/errors.ts";

/** What is said of a store that a later version has brought further. @param where the store, such as `run store ./runs.sqlite` */
export function newerSchema(where: string, known: number, found: number): DataError {
  return new DataError({
    en: `${where}: must be of schema version ${known} or older, got ${found}. Use the newer Tanren that wrote it, or give another with --store.`,
    ja: `${where}: スキーマのバージョンが新しすぎます(対応は ${known} まで、このストアは ${found})。書き込んだ新しい Tanren を使うか、--store で別のものを指定してください。`,
  });
}
