import type { DataOrigin } from "../core/data-origin.ts";
import type { Dataset, Labels } from "./dataset.ts";
import { mnistFingerprint } from "./mnist.ts";

/** Odd constants of xxHash32 (Collet, https://xxhash.com). */
const P1 = 0x9e3779b1;
const P2 = 0x85ebca77;
const P3 = 0xc2b2ae3d;

/**
 * A checksum of 64 bits over whole arrays: four lanes that each take every fourth word, as xxHash32 has them, and keep
 * their own bits to the end. Tells data apart that differ; it is no guard against somebody who makes data alike on purpose.
 */
class Checksum {
  private a = (P1 + P2) | 0;
  private b = P2 | 0;
  private c = 0;
  private d = -P1 | 0;

  /** Takes numbers that say what follows: shapes and kinds. */
  numbers(...values: number[]): void {
    this.bytes(new Uint8Array(Int32Array.from(values).buffer));
  }

  /** Takes bytes; the last ones are filled up with zeros, so their number has to be told by {@link numbers} before. */
  bytes(bytes: Uint8Array): void {
    const step = 1 << 16;
    if (bytes.byteOffset % 4 === 0) {
      const words = bytes.length >>> 2;
      const whole = words - (words % 4);
      this.words(new Uint32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, whole));
      if (4 * whole < bytes.length) {
        this.words(padded(bytes.subarray(4 * whole)));
      }
      return;
    }
    for (let from = 0; from < bytes.length; from += step) {
      this.words(padded(bytes.subarray(from, Math.min(bytes.length, from + step))));
    }
  }

  digest(): string {
    const { a, b, c, d } = this;
    const high = last(turned(a, 1) + turned(b, 7) + turned(c, 12) + turned(d, 18));
    const low = last(turned(a, 23) ^ Math.imul(turned(b, 5), P3) ^ Math.imul(c, P1) ^ Math.imul(turned(d, 11), P2));
    return [high, low].map((half) => half.toString(16).padStart(8, "0")).join("");
  }

  /** @param words a multiple of four */
  private words(words: Uint32Array): void {
    let { a, b, c, d } = this;
    for (let i = 0; i < words.length; i += 4) {
      a = mixed(a, words[i]);
      b = mixed(b, words[i + 1]);
      c = mixed(c, words[i + 2]);
      d = mixed(d, words[i + 3]);
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }
}

function turned(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

function mixed(lane: number, word: number): number {
  return Math.imul(turned((lane + Math.imul(word, P2)) | 0, 13), P1);
}

/** xxHash32's avalanche: every bit of the lanes reaches every bit of the result. */
function last(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 15), P2);
  h = Math.imul(h ^ (h >>> 13), P3);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Words with the bytes in them, as many as are a multiple of four. */
function padded(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(4 * Math.ceil(bytes.length / 16));
  new Uint8Array(words.buffer).set(bytes);
  return words;
}

/** Rows and their labels, of any element type. */
export interface RowsAndLabels {
  readonly images: {
    readonly data: Uint8Array | Float32Array | Float64Array;
    readonly count: number;
    readonly width: number;
  };
  readonly labels: Labels;
}

/**
 * The fingerprint of some splits, one after the other: of every input, label and shape. Labels count by their value,
 * whether a byte or more holds them. 60,000 + 10,000 rows of 784 bytes take some 30 ms.
 * @returns 16 hexadecimal digits
 */
export function fingerprintOf(splits: readonly RowsAndLabels[]): string {
  const sum = new Checksum();
  sum.numbers(splits.length);
  for (const { images, labels } of splits) {
    const { data, count, width } = images;
    sum.numbers(count, width, data.BYTES_PER_ELEMENT, labels.length);
    sum.bytes(data instanceof Uint8Array ? data : new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    sum.bytes(new Uint8Array(new Int32Array(labels).buffer));
  }
  return sum.digest();
}

const known = new WeakMap<Dataset, DataOrigin>();

/** What a record keeps of a data set; reckoned once for each. A folder gives its name to a set that is not the original MNIST. */
export function originOf(dataset: Dataset): DataOrigin {
  let origin = known.get(dataset);
  if (origin === undefined) {
    const { name, folder, classes, train, test } = dataset;
    const fingerprint = fingerprintOf([train, test]);
    const own = folder?.split(/[\\/]/).findLast((part) => part !== "");
    origin = {
      name: fingerprint === mnistFingerprint || own === undefined ? name : own,
      ...(folder === undefined ? {} : { folder }),
      fingerprint,
      trainRows: train.images.count,
      testRows: test.images.count,
      classes,
      inputs: train.images.width,
    };
    known.set(dataset, origin);
  }
  return origin;
}
