import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { IdxReader } from "../src/data/idx.ts";
import { mnistFiles } from "../src/data/mnist.ts";
import { findMnist, mnistPath, readMnist } from "../src/node/data/mnist-folder.ts";
import { temporaryFolder } from "./support/cli.ts";

function idx(shape: readonly number[], data: readonly number[], head = [0, 0, 8, shape.length]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  bytes.set(head);
  const view = new DataView(bytes.buffer);
  for (const [i, n] of shape.entries()) {
    view.setUint32(4 + 4 * i, n);
  }
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}

function read(bytes: Uint8Array, piece = bytes.length) {
  const reader = new IdxReader("file");
  for (let at = 0; at < bytes.length; at += piece) {
    reader.push(bytes.subarray(at, at + piece));
  }
  return reader.end();
}

describe("an IDX file", () => {
  test.each([1, 2, 3, 5, 1000])("is the same read %i bytes at a time", (piece) => {
    const array = read(idx([2, 1, 3], [1, 2, 3, 4, 5, 6]), piece);
    expect(array.shape).toEqual([2, 1, 3]);
    expect([...array.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["empty", new Uint8Array(0), /an empty file/],
    ["shorter than a header", new Uint8Array([0, 0, 8]), /only 3 bytes/],
    ["gzip", gzipSync("x"), /a gzip file within.*Unpack/],
    ["wrong magic", idx([1], [1], [1, 2, 8, 1]), /bytes 00 00, got 01 02 08 01/],
    ["of floats", idx([1], [1], [0, 0, 13, 1]), /bytes or whole numbers.*type 0d/],
    ["without dimensions", idx([], [], [0, 0, 8, 0]), /1 to 4 dimensions, got 0/],
    ["truncated", idx([2, 3], [1, 2, 3, 4]), /must hold 6 bytes of data for 2 × 3, got 4.*truncated/],
    ["too long", idx([2], [1, 2, 3]), /file: must/],
    ["absurdly large", idx([2 ** 31, 28, 28], []), /less than 2 GiB/],
  ])("%s is refused", (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(message);
  });
});

/** A folder of four small files in MNIST's format. */
function smallMnist(change: Partial<Record<string, Uint8Array>> = {}): string {
  const folder = temporaryFolder();
  for (const { name, part } of mnistFiles) {
    const plain = part === "images" ? idx([2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 255]) : idx([2], [3, 7]);
    writeFileSync(join(folder, name), change[name] ?? plain);
  }
  return folder;
}

describe("a folder of MNIST", () => {
  test("is read, packed or not", async () => {
    const folder = smallMnist();
    const labels = "train-labels-idx1-ubyte";
    writeFileSync(join(folder, `${labels}.gz`), gzipSync(readFileSync(join(folder, labels))));
    writeFileSync(join(folder, labels), readFileSync(join(folder, labels)));
    const { train } = await readMnist(folder);
    expect([...train.labels]).toEqual([3, 7]);
    expect(train.images).toMatchObject({ count: 2, width: 4 });
  });

  test.each<[string, string, Uint8Array, RegExp]>([
    ["fewer labels than images", "train-labels-idx1-ubyte", idx([1], [3]), /as many labels .* \(2\), got 1/],
    [
      "a label of no class",
      "train-labels-idx1-ubyte",
      idx([2], [3, 246], [0, 0, 9, 1]),
      /labels must be in \[0, 65535\], got -10 at row 1/,
    ],
    ["labels for images", "train-images-idx3-ubyte", idx([2], [3, 7]), /must hold images.*swap/],
    ["images for labels", "t10k-labels-idx1-ubyte", idx([2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7]), /must hold labels.*swap/],
    [
      "images of two sizes",
      "t10k-images-idx3-ubyte",
      idx([2, 3, 3], new Array(18).fill(1)),
      /of one size, got 4 and 9/,
    ],
    ["no image", "train-images-idx3-ubyte", idx([0, 2, 2], []), /at least 1 image/],
    ["a truncated file", "train-images-idx3-ubyte", idx([2, 2, 2], [1]), /truncated/],
  ])("with %s is refused", async (_, name, bytes, message) => {
    await expect(readMnist(smallMnist({ [name]: bytes }))).rejects.toThrow(message);
  });

  test("with a damaged .gz, or without a file, is refused by the file's name", async () => {
    const folder = smallMnist();
    const empty = temporaryFolder();
    await expect(readMnist(empty)).rejects.toThrow(/must hold train-images-idx3-ubyte.*data get/);
    const packed = gzipSync(readFileSync(join(folder, "t10k-images-idx3-ubyte")));
    mkdirSync(join(empty, "packed"));
    for (const { name } of mnistFiles) {
      copyFileSync(join(folder, name), join(empty, "packed", name));
    }
    writeFileSync(join(empty, "packed", "t10k-images-idx3-ubyte.gz"), packed.subarray(0, packed.length - 9));
    writeFileSync(join(empty, "packed", "t10k-images-idx3-ubyte"), "");
    await expect(readMnist(join(empty, "packed"))).rejects.toThrow(/t10k-images-idx3-ubyte/);
    expect(() => gunzipSync(packed.subarray(0, packed.length - 9))).toThrow();
  });
});

test("the MNIST that comes with the package is the original, 60,000 and 10,000 digits", async () => {
  const { folder } = findMnist({});
  expect(mnistPath(folder, mnistFiles[0])).toBeDefined();
  const { train, test: held } = await readMnist(folder);
  expect([train.images.count, held.images.count, train.images.width]).toEqual([60_000, 10_000, 784]);
  expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
});
