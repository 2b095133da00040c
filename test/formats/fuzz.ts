import { DataError } from "../../src/core/errors.ts";
import type { Told } from "../../src/core/text.ts";
import type { NumberArray } from "../../src/formats/number-array.ts";

/** Whole numbers in [0, below) by xorshift32 (Marsaglia 2003): quick, and the same from the same seed. */
export type Draw = (below: number) => number;

export function drawFrom(seed: number): Draw {
  let state = (seed * 2654435761 + 1) | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Numbers that lengths and places of hostile files are. */
const extremes = [0, 1, 2, 7, 8, 63, 127, 128, 255, 256, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1];
/** Pieces of text that headers are made of. */
const words = [..."{}[]()\":,'0123456789-.eE \\", "null", "true", "False", "1e999", "-1", '"w"', "9007199254740993"];

/** A file that is nearly one of the valid ones, or nothing like them. */
export function mutated(valid: readonly Uint8Array[], draw: Draw): Uint8Array {
  if (draw(50) === 0) {
    return Uint8Array.from({ length: draw(300) }, () => draw(256));
  }
  let bytes: Uint8Array = valid[draw(valid.length)].slice();
  for (let times = 1 + draw(3); times > 0; times--) {
    bytes = mutations[draw(mutations.length)](bytes, draw, valid);
  }
  return bytes;
}

const mutations: readonly ((bytes: Uint8Array, draw: Draw, valid: readonly Uint8Array[]) => Uint8Array)[] = [
  (bytes, draw) => {
    bytes[draw(bytes.length + 1)] ^= 1 << draw(8);
    return bytes;
  },
  (bytes, draw) => {
    bytes[draw(bytes.length + 1)] = draw(256);
    return bytes;
  },
  (bytes, draw) => {
    const at = draw(bytes.length + 1);
    const value = extremes[draw(extremes.length)];
    for (let i = 0; i < 4; i++) {
      bytes[at + i] = value >>> (8 * i);
    }
    return bytes;
  },
  (bytes, draw) => bytes.slice(0, draw(bytes.length + 1)),
  (bytes, draw) => bytes.slice(draw(Math.min(64, bytes.length + 1))),
  (bytes, draw) => replaced(bytes, draw(bytes.length + 1), draw(16), new Uint8Array(0)),
  (bytes, draw) => {
    const at = draw(bytes.length + 1);
    return replaced(bytes, at, 0, bytes.slice(at, at + draw(40)));
  },
  (bytes, draw) => {
    const word = new TextEncoder().encode(words[draw(words.length)]);
    return replaced(bytes, draw(bytes.length + 1), draw(4), word);
  },
  (bytes, draw, valid) => {
    const other = valid[draw(valid.length)];
    return replaced(bytes, draw(bytes.length + 1), bytes.length, other.slice(draw(other.length + 1)));
  },
];

function replaced(bytes: Uint8Array, at: number, removed: number, inserted: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, at), ...inserted, ...bytes.subarray(at + removed)]);
}

/** How many files were read, and how many refused. */
export interface Tally {
  read: number;
  refused: number;
}

/**
 * Counts what became of a file. Throws when it was refused otherwise than by a sentence in both languages, or when what was
 * read is larger than what the file may hold.
 */
export function judge(
  tally: Tally,
  bytes: Uint8Array,
  outcome: { error: unknown } | { arrays: Iterable<NumberArray> },
) {
  if ("error" in outcome) {
    const { error } = outcome;
    const said = error instanceof DataError ? (error.text as Told) : { en: "", ja: "" };
    const [{ en, ja }, oneLine] = [said, !/[\n\r]/.test(said.en + said.ja)];
    if (!oneLine || en.length > 600 || !/^file.*: .+\.$/.test(en) || !/^file.*: .+。$/.test(ja)) {
      throw new Error(`a sentence was expected for ${Buffer.from(bytes).toString("base64")}, got ${error}`, {
        cause: error,
      });
    }
    tally.refused++;
    return;
  }
  let held = 0;
  for (const { shape, data } of outcome.arrays) {
    held += data.byteLength;
    if (shape.reduce((a, b) => a * b, 1) !== data.length) {
      throw new Error(`a shape that fits was expected for ${Buffer.from(bytes).toString("base64")}`);
    }
  }
  // Halves double; deflate makes at most 1,032 bytes of one.
  if (held > 2 * 1032 * bytes.length) {
    throw new Error(`at most what the file holds was expected for ${Buffer.from(bytes).toString("base64")}`);
  }
  tally.read++;
}
