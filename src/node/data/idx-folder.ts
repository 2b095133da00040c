import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DataError } from "../../core/errors.ts";

/** What one of a set's four files holds. */
export interface IdxRole {
  readonly split: "train" | "test";
  readonly part: "images" | "labels";
}

/** The names that MNIST and its relatives have, as published and as unpacked by several programs. */
const pattern =
  /^(?:(.+?)[-_.])?(train|t10k|test)[-_.](images|imgs|labels)(?:[-_.]idx\d[-_.](?:ubyte|byte|short|int))?(\.gz)?$/i;

/**
 * The four IDX files of a set in a folder, under any usual name: `train-images-idx3-ubyte`, `train-images.idx3-ubyte`,
 * `emnist-letters-train-images-idx3-ubyte.gz`. Where a folder holds several sets, one is named as `folder/emnist-letters`.
 * @throws DataError when the folder, a file or the choice of one set is missing
 */
export function findIdxFiles(folder: string): (role: IdxRole) => string {
  const named = !existsSync(folder) && existsSync(dirname(folder));
  const place = named ? dirname(folder) : folder;
  const wanted = named ? basename(folder).toLowerCase() : null;
  if (!existsSync(place) || !statSync(place).isDirectory()) {
    throw noFolder(folder);
  }
  const names = readdirSync(place).sort();
  const sets = new Map<string, Map<string, string>>();
  for (const name of names) {
    const [, prefix = "", split, part] = pattern.exec(name) ?? [];
    if (split === undefined || (wanted !== null && prefix.toLowerCase() !== wanted)) {
      continue;
    }
    const files = sets.get(prefix.toLowerCase()) ?? new Map<string, string>();
    sets.set(prefix.toLowerCase(), files);
    const role = `${split.toLowerCase() === "train" ? "train" : "test"} ${part.toLowerCase() === "labels" ? "labels" : "images"}`;
    // Sorted, so that an unpacked file comes before its packed one.
    if (!files.has(role)) {
      files.set(role, join(place, name));
    }
  }
  if (named && sets.size === 0) {
    throw noFolder(folder);
  }
  if (sets.size > 1) {
    const known = [...sets.keys()].map((prefix) => join(place, prefix)).join(", ");
    throw new DataError({
      en: `data: ${folder} must hold one data set, got ${sets.size}. Name one: ${known}.`,
      ja: `data: ${folder} にデータセットが ${sets.size} 個あります。1つを指定してください: ${known}`,
    });
  }
  const [files] = sets.values();
  return ({ split, part }) => {
    const path = files?.get(`${split} ${part}`);
    if (path === undefined) {
      const usual = `${split === "train" ? "train" : "t10k"}-${part}-idx${part === "images" ? 3 : 1}-ubyte`;
      const numpy = names.find((name) => /\.np[yz]$/i.test(name));
      const advice =
        numpy === undefined
          ? { en: "Run: tanren data get mnist", ja: "実行してください: tanren data get mnist" }
          : {
              en: `NumPy archives (${numpy}) are not read: take the set's IDX files.`,
              ja: `NumPy 形式(${numpy})は読めません。IDX ファイルを用意してください。`,
            };
      throw new DataError({
        en: `data: ${folder} must hold ${usual} (or .gz), got no such file. ${advice.en}`,
        ja: `data: ${folder} に ${usual}(または .gz)がありません。${advice.ja}`,
      });
    }
    return path;
  };
}

function noFolder(folder: string): DataError {
  return new DataError({
    en: `data: ${folder} must be a folder of IDX files, got no folder. Give another with --data.`,
    ja: `data: ${folder} は IDX ファイルのフォルダーではありません。--data で別のフォルダーを指定してください。`,
  });
}
