import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** An IDX file of unsigned bytes, or of big-endian numbers of `bytes` each. */
export function idxBytes(shape: readonly number[], at: (i: number) => number, bytes: 1 | 2 | 4 = 1): Uint8Array {
  const head = 4 + 4 * shape.length;
  const count = shape.reduce((product, n) => product * n, 1);
  const file = new Uint8Array(head + count * bytes);
  const view = new DataView(file.buffer);
  file.set([0, 0, { 1: 0x08, 2: 0x0b, 4: 0x0c }[bytes], shape.length]);
  for (const [i, n] of shape.entries()) {
    view.setUint32(4 + 4 * i, n);
  }
  for (let i = 0; i < count; i++) {
    const place = head + i * bytes;
    if (bytes === 1) {
      file[place] = at(i);
    } else if (bytes === 2) {
      view.setInt16(place, at(i));
    } else {
      view.setInt32(place, at(i));
    }
  }
  return file;
}

export interface SmallSet {
  readonly train?: number;
  readonly test?: number;
  readonly classes?: number;
  /** Class of a row; `row % classes` when absent. */
  readonly label?: (row: number) => number;
  readonly labelBytes?: 1 | 2 | 4;
  /** The file's name, from that of MNIST's. */
  readonly name?: (mnist: string) => string;
  readonly wrap?: (bytes: Uint8Array) => Uint8Array;
}

/** A folder of four IDX files in which each class has its own pattern of 28 × 28 pixels. */
export function writeIdxFolder(folder: string, set: SmallSet = {}): string {
  const { train = 1200, test = 300, classes = 10, labelBytes = 1, wrap = (bytes) => bytes } = set;
  const { label = (row: number) => row % classes, name = (mnist: string) => mnist } = set;
  mkdirSync(folder, { recursive: true });
  for (const [part, rows] of [
    ["train", train],
    ["t10k", test],
  ] as const) {
    const pixel = (i: number) => {
      const own = label(Math.floor(i / 784));
      return (own * 37 + (i % 784) * (own + 1)) & 255;
    };
    writeFileSync(join(folder, name(`${part}-images-idx3-ubyte`)), wrap(idxBytes([rows, 28, 28], pixel)));
    writeFileSync(join(folder, name(`${part}-labels-idx1-ubyte`)), wrap(idxBytes([rows], label, labelBytes)));
  }
  return folder;
}
