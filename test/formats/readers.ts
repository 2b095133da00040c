import { RandomStream } from "../../src/core/random.ts";
import { readLabelledTable } from "../../src/data/csv/read-csv.ts";
import { IdxReader, labelNumbers } from "../../src/data/idx.ts";
import { npyBytes, readNpy } from "../../src/formats/npy.ts";
import { npzBytes, readNpz } from "../../src/formats/npz.ts";
import type { NumberArray } from "../../src/formats/number-array.ts";
import { readSafetensors, safetensorsBytes } from "../../src/formats/safetensors.ts";
import { modelBytes, modelFromBytes } from "../../src/model/model-file.ts";
import { idxBytes } from "../support/idx.ts";
import { encodeText } from "../support/legacy-encoder.ts";
import { drawFrom, judge, mutated, type Tally } from "./fuzz.ts";
import { randomModel } from "./random-model.ts";

const name = "file";

const arrays: readonly (readonly [string, NumberArray])[] = [
  ["W1", { dtype: "float32", shape: [2, 3], data: Float32Array.of(0.5, -1, 2, 3, Number.NaN, 1e30) }],
  ["b1", { dtype: "float64", shape: [3], data: Float64Array.of(1, 2, 3) }],
  ["steps", { dtype: "int64", shape: [], data: BigInt64Array.of(7n) }],
  ["empty", { dtype: "uint8", shape: [0, 4], data: new Uint8Array(0) }],
];
const some = (...places: number[]) => new Map(places.map((place) => arrays[place]));

const table = (separator: string, end: string) =>
  [
    "長さ;price;when;kind",
    ...[1, 2, 3, 4, 5, 6].map((i) => `${i}.5;"$1,${i}00";2024-01-0${i};${i % 2 ? "はい" : "None"}`),
  ]
    .join(end)
    .replaceAll(";", separator);

/** A reader with files that it takes. */
export interface FuzzedReader {
  readonly format: string;
  /** Valid files to begin from. */
  readonly valid: readonly Uint8Array[];
  /** @throws DataError */
  readonly read: (bytes: Uint8Array) => Iterable<NumberArray> | Promise<Iterable<NumberArray>>;
}

function withoutChecksum(model: Uint8Array): Uint8Array {
  const { tensors, metadata } = readSafetensors(model, name);
  return safetensorsBytes({ tensors, metadata: new Map([...metadata].filter(([key]) => key !== "tanren.checksum")) });
}

export const readers: readonly FuzzedReader[] = [
  {
    format: "safetensors",
    valid: [
      safetensorsBytes({ tensors: some(0, 1, 2, 3), metadata: new Map([["a", '{"b":[1]}']]) }),
      safetensorsBytes({ tensors: some(0), metadata: new Map() }),
    ],
    read: (bytes) => readSafetensors(bytes, name).tensors.values(),
  },
  {
    format: "npy",
    valid: arrays.map(([, array]) => npyBytes(array)),
    read: (bytes) => [readNpy(bytes, name)],
  },
  {
    format: "npz",
    valid: [await npzBytes(some(0, 1)), await npzBytes(some(0, 2), { method: "deflated" })],
    read: async (bytes) => (await readNpz(bytes, name)).values(),
  },
  {
    format: "a model's file",
    // Without its checksum, which whatever else is wrong is told before, and with it.
    valid: [
      withoutChecksum(modelBytes(randomModel(RandomStream.seeded(2)).state)),
      withoutChecksum(modelBytes(randomModel(RandomStream.seeded(4)).state)),
      modelBytes(randomModel(RandomStream.seeded(4)).state),
    ],
    read: (bytes) => Object.values(modelFromBytes(bytes, name).tensors),
  },
  {
    format: "a table",
    valid: [
      encodeText(table(";", "\n"), "utf-8"),
      encodeText(table("\t", "\r\n"), "shift_jis"),
      encodeText(`\ufeff${table("|", "\r")}`, "utf-16le"),
    ],
    read: (bytes) => {
      const { rows } = readLabelledTable(bytes, name);
      return [{ dtype: "float64", shape: [rows.count, rows.width], data: rows.data }];
    },
  },
  {
    format: "an IDX file",
    valid: [idxBytes([2, 3, 4], (i) => i), idxBytes([5], (i) => i), idxBytes([6], (i) => i, 2)],
    read: (bytes) => {
      const reader = new IdxReader(name, undefined, bytes.length);
      reader.push(bytes);
      const array = reader.end();
      return [{ dtype: array.type, shape: array.shape, data: labelNumbers(array) }];
    },
  },
];

/** Gives a reader `cases` files; throws at the first that is neither read nor refused by a sentence. */
export async function fuzz({ valid, read }: FuzzedReader, cases: number, seed: number): Promise<Tally> {
  const draw = drawFrom(seed);
  const tally: Tally = { read: 0, refused: 0 };
  for (let i = 0; i < cases; i++) {
    const bytes = mutated(valid, draw);
    try {
      const found = read(bytes);
      // Only what is a promise is waited for: a turn of the loop costs more than most reading.
      const list = [...(found instanceof Promise ? await found : found)];
      judge(tally, bytes, { arrays: list });
    } catch (error) {
      judge(tally, bytes, { error });
    }
  }
  return tally;
}
