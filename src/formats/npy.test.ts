import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyText } from "../../test/support/any-text.ts";
import { DataError } from "../core/errors.ts";
import { npyBytes, readNpy } from "./npy.ts";
import { npzBytes, readNpz } from "./npz.ts";
import { type ElementType, elementTypes, type NumberArray } from "./number-array.ts";
import { readZip, zipBytes } from "./zip.ts";

const files: Record<string, string> = JSON.parse(
  readFileSync(new URL("../../test/golden/numpy-files.json", import.meta.url), "utf8"),
);
const fromNumPy = (name: string) => Uint8Array.from(Buffer.from(files[name], "base64"));
const weights: NumberArray = { dtype: "float32", shape: [2, 3], data: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25) };
const zeros: NumberArray = { dtype: "float64", shape: [40], data: new Float64Array(40) };

describe("an array that NumPy wrote is read", () => {
  test.each<[string, NumberArray]>([
    ["float32 [2, 3]", weights],
    ["float64 []", { dtype: "float64", shape: [], data: Float64Array.of(2.5) }],
    ["float64 [2, 3], Fortran order", { dtype: "float64", shape: [2, 3], data: Float64Array.of(0, 1, 2, 3, 4, 5) }],
    [
      "uint8 [2, 3, 4], Fortran order",
      { dtype: "uint8", shape: [2, 3, 4], data: Uint8Array.from({ length: 24 }, (_, i) => i) },
    ],
    ["int32 [3], big-endian", { dtype: "int32", shape: [3], data: Int32Array.of(1, -2, 3) }],
    ["int64 [2, 1], version 2", { dtype: "int64", shape: [2, 1], data: BigInt64Array.of(1n, -1n) }],
    ["bool [2], version 3", { dtype: "bool", shape: [2], data: Uint8Array.of(1, 0) }],
    ["float16 [4]", { dtype: "float32", shape: [4], data: Float32Array.of(1.5, -0.25, 65504, 2 ** -24) }],
  ])("%s", (name, expected) => {
    expect(readNpy(fromNumPy(name), name)).toEqual(expected);
  });

  test.each(["savez", "savez_compressed"])("in an archive of %s", async (name) => {
    expect(await readNpz(fromNumPy(name), name)).toEqual(
      new Map([
        ["W1", weights],
        ["b1", zeros],
      ]),
    );
  });
});

test("a Buffer of Node's, which copies nothing when it is sliced, is read as any bytes are", async () => {
  expect(readNpy(Buffer.from(files["float32 [2, 3]"], "base64"), "a")).toEqual(weights);
  expect(readNpy(Buffer.from(files["int32 [3], big-endian"], "base64"), "a").data).toEqual(Int32Array.of(1, -2, 3));
  expect((await readNpz(Buffer.from(files.savez, "base64"), "a")).get("W1")).toEqual(weights);
});

test("what is written is byte for byte what np.save writes", () => {
  expect(npyBytes(weights)).toEqual(fromNumPy("float32 [2, 3]"));
  expect(npyBytes({ dtype: "float64", shape: [], data: Float64Array.of(2.5) })).toEqual(fromNumPy("float64 []"));
});

/** Arrays of any element type, shape and bits, NaN and infinities among them. */
const anyArray = fc
  .record({
    dtype: fc.constantFrom(...(Object.keys(elementTypes) as ElementType[])),
    shape: fc.array(fc.nat(4), { maxLength: 4 }),
    seed: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  })
  .map(({ dtype, shape, seed }): NumberArray => {
    const count = shape.reduce((a, b) => a * b, 1);
    const bytes = Uint8Array.from(
      { length: count * elementTypes[dtype].BYTES_PER_ELEMENT },
      (_, i) => seed[i % 16] ^ (31 * i),
    );
    return { dtype, shape, data: new elementTypes[dtype](bytes.buffer) };
  });

/** In UTF-8, which has no halves of surrogate pairs. */
const anyName = anyText({ minLength: 1, maxLength: 12 }).map((name) => name.toWellFormed());

test("any arrays come back from .npz bit for bit, stored and deflated", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(anyName, anyArray, { maxKeys: 4 }),
      fc.constantFrom("stored", "deflated"),
      async (arrays, method) => {
        const given = new Map(Object.entries(arrays));
        const read = await readNpz(await npzBytes(given, { method }), "a.npz");
        expect([...read.keys()]).toEqual([...given.keys()]);
        for (const [name, { dtype, shape, data }] of given) {
          const back = read.get(name) as NumberArray;
          expect([back.dtype, back.shape]).toEqual([dtype, shape]);
          expect(new Uint8Array(back.data.buffer)).toEqual(new Uint8Array(data.buffer));
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("an archive is read with a comment behind it, be an archive's end told in it", async () => {
  const files = new Map([["a", Uint8Array.of(1, 2)]]);
  const archive = await zipBytes(files, { method: "stored" });
  for (const comment of [new Uint8Array(1), Buffer.from(`PK\x05\x06${"\0".repeat(40)}`, "latin1")]) {
    const commented = Uint8Array.from([...archive, ...comment]);
    new DataView(commented.buffer).setUint16(archive.length - 2, comment.length, true);
    expect(await readZip(commented, "a.zip")).toEqual(files);
  }
});

/** The archive with a 32-bit number replaced in every directory entry. */
function withLength(archive: Uint8Array, length: number): Uint8Array {
  const out = archive.slice();
  const view = new DataView(out.buffer);
  for (let at = 0; at + 46 < out.length; at++) {
    if (view.getUint32(at, true) === 0x02014b50) {
      view.setUint32(at + 24, length, true);
    }
  }
  return out;
}

describe("an archive or array that cannot be right is refused in one sentence", () => {
  const refused = async (work: () => unknown, sentence: string) => {
    const error: unknown = await Promise.resolve()
      .then(work)
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toContain(sentence);
    expect(String(error)).not.toContain("\n");
  };

  test("a bomb, before it unpacks", async () => {
    const noise = Uint8Array.from({ length: 90_000 }, (_, i) => Math.imul(i * i, 2654435761) >>> 13);
    const archive = await zipBytes(new Map([["a.npy", noise]]), { method: "deflated" });
    const bomb = withLength(archive, 80 * 2 ** 20);
    await refused(() => readZip(bomb, "a.npz"), "a.npz: must unpack to at most 67108864 bytes, got 83886080 from");
  });

  test("more than is said comes out", async () => {
    const archive = await zipBytes(new Map([["a", new Uint8Array(5 * 2 ** 20)]]), { method: "deflated" });
    await refused(() => readZip(withLength(archive, 1000), "a.npz"), "a.npz: must be a whole zip archive");
    await refused(() => readZip(withLength(archive, 5 * 2 ** 20 + 1), "a.npz"), "a.npz: must be a whole zip archive");
  });

  test("files that lie over one another", async () => {
    const archive = await zipBytes(
      new Map([
        ["a", new Uint8Array(50)],
        ["b", new Uint8Array(50)],
      ]),
      { method: "stored" },
    );
    const view = new DataView(archive.buffer);
    const second = archive.length - 22 - 47;
    expect(view.getUint32(second, true)).toBe(0x02014b50);
    view.setUint32(second + 42, 0, true);
    await refused(() => readZip(archive, "a.zip"), "a.zip: must be a whole zip archive");
  });

  test("one name for two files", async () => {
    const archive = await zipBytes(
      new Map([
        ["a", Uint8Array.of(1)],
        ["b", Uint8Array.of(2)],
      ]),
      { method: "stored" },
    );
    // In the directory, which is what names the files.
    archive[archive.length - 22 - 1] = "a".charCodeAt(0);
    await refused(() => readZip(archive, "a.zip"), 'a.zip: every name must stand once, got "a" twice');
  });

  test("a changed byte, a cut, and no archive at all", async () => {
    const archive = await npzBytes(new Map([["W1", weights]]));
    const changed = archive.slice();
    changed[140] ^= 1;
    await refused(() => readZip(changed, "a.npz"), "checksums that do not fit");
    await refused(() => readZip(archive.subarray(0, 200), "a.npz"), "must end with a zip directory");
    await refused(() => readZip(new Uint8Array(0), "a.npz"), "must end with a zip directory");
  });

  const npy = npyBytes(weights);
  const withHeader = (change: (header: string) => string) => {
    return Uint8Array.from(Buffer.from(change(Buffer.from(npy).toString("latin1")), "latin1"));
  };
  const withLongHeader = (length: number) => {
    const text = Buffer.from(npy.subarray(10, 10 + npy[8]))
      .toString("latin1")
      .trimEnd()
      .padEnd(length);
    return Uint8Array.from([
      ...npy.subarray(0, 8),
      length & 255,
      length >> 8,
      ...Buffer.from(text),
      ...npy.subarray(-24),
    ]);
  };
  test.each<[string, Uint8Array, string]>([
    ["truncated", npy.subarray(0, 140), "must hold 24 bytes of data for float32 of shape (2, 3), got 12."],
    ["longer", Uint8Array.from([...npy, 0]), "got 25."],
    ["of objects", withHeader((text) => text.replace("<f4'", "|O' ")), "must be an array of numbers or booleans, got"],
    ["of records", withHeader((text) => text.replace("'<f4'", "[('a')]")), "must be an array of numbers or booleans"],
    [
      "with a field twice",
      withHeader((text) => text.replace("'shape': (2, 3), ", "'descr': '<f4', ")),
      "must be an array",
    ],
    [
      "with a field once more",
      withHeader((text) => text.replace(`(2, 3), }${" ".repeat(16)}`, "(2, 3), 'descr': '<f4', }")),
      "must be an array",
    ],
    [
      "with a header as long as a book",
      withLongHeader(10_001),
      "must hold a header of at most 10000 bytes, got one of 10001",
    ],
    [
      "of a hostile size",
      withHeader((text) => text.replace("(2, 3), }    ", "(9999999, 9), }")),
      "must hold 359999964 bytes",
    ],
    [
      "of a size past 2⁵³",
      withHeader((text) => text.replace(`(2, 3), }${" ".repeat(19)}`, "(999999999999, 99999999), }".padEnd(28))),
      "2⁵³",
    ],
    [
      "of a later version",
      withHeader((text) => text.replace("\x01\x00", "\x04\x00")),
      "must begin as a NumPy array of version 1 to 3",
    ],
    [
      "of a version between two",
      withHeader((text) => text.replace("\x01\x00", "\x01\x01")),
      "must begin as a NumPy array of version 1 to 3",
    ],
    ["something else", new Uint8Array(3), "must begin as a NumPy array"],
  ])("an array %s", (_, bytes, sentence) => refused(() => readNpy(bytes, "W1.npy"), sentence));
});
