import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyText } from "../../test/support/any-text.ts";
import { DataError } from "../core/errors.ts";
import { type ElementType, elementTypes, type NumberArray } from "./number-array.ts";
import { looksLikeSafetensors, readSafetensors, safetensorsBytes } from "./safetensors.ts";

/** A file from the text of its header and its data, as any program may write it. */
function file(header: string, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const tensors = fc.dictionary(
  anyText().filter((name) => name !== "__metadata__" && name.isWellFormed()),
  fc
    .record({
      dtype: fc.constantFrom(...(Object.keys(elementTypes) as ElementType[])),
      shape: fc.array(fc.nat(3), { maxLength: 3 }),
      byte: fc.nat(255),
    })
    .map(({ dtype, shape, byte }): NumberArray => {
      const count = shape.reduce((a, b) => a * b, 1);
      const bytes = Uint8Array.from({ length: count * elementTypes[dtype].BYTES_PER_ELEMENT }, (_, i) => byte + 7 * i);
      return { dtype, shape, data: new elementTypes[dtype](bytes.buffer) };
    }),
  { maxKeys: 6 },
);
const text = anyText().map((s) => s.toWellFormed());

test("any arrays and metadata come back bit for bit, and the data begin on a multiple of 8", () => {
  fc.assert(
    fc.property(tensors, fc.dictionary(text, text, { maxKeys: 3 }), (given, words) => {
      const metadata = new Map(Object.entries(words));
      const bytes = safetensorsBytes({ tensors: new Map(Object.entries(given)), metadata });
      expect(bytes[0] % 8).toBe(0);
      const read = readSafetensors(bytes, "a");
      expect(read.metadata).toEqual(metadata);
      expect([...read.tensors.keys()].sort()).toEqual(Object.keys(given).sort());
      for (const [name, { dtype, shape, data }] of Object.entries(given)) {
        const back = read.tensors.get(name) as NumberArray;
        expect([back.dtype, back.shape]).toEqual([dtype, shape]);
        expect(new Uint8Array(back.data.buffer)).toEqual(new Uint8Array(data.buffer));
      }
    }),
  );
});

test("a file is byte for byte what the format says", () => {
  const bytes = safetensorsBytes({
    tensors: new Map([["b1", { dtype: "float32", shape: [2], data: Float32Array.of(1, -2) }]]),
    metadata: new Map([["a", "b"]]),
  });
  const header = '{"__metadata__":{"a":"b"},"b1":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
  expect(bytes).toEqual(file(header.padEnd(80), Uint8Array.of(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0)));
  expect(looksLikeSafetensors(bytes)).toBe(true);
});

test("float16, bfloat16 and a state_dict's whole numbers are read exactly", () => {
  const header = JSON.stringify({
    half: { dtype: "F16", shape: [3], data_offsets: [0, 6] },
    brain: { dtype: "BF16", shape: [2], data_offsets: [6, 10] },
    num_batches_tracked: { dtype: "I64", shape: [], data_offsets: [10, 18] },
  });
  const data = Uint8Array.of(0, 0x3c, 0, 0xfc, 1, 0, 0x80, 0x3f, 0x49, 0xc0, 3, 0, 0, 0, 0, 0, 0, 0);
  const { tensors: read } = readSafetensors(file(header, data), "a");
  expect(read.get("half")?.data).toEqual(Float32Array.of(1, Number.NEGATIVE_INFINITY, 2 ** -24));
  expect(read.get("brain")?.data).toEqual(Float32Array.of(1, -3.140625));
  expect(read.get("num_batches_tracked")).toEqual({ dtype: "int64", shape: [], data: BigInt64Array.of(3n) });
});

describe("a file that cannot be right is refused in one sentence", () => {
  const four = new Uint8Array(4);
  const one = (dtype: string, shape: string, offsets: string) =>
    `{"w":{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}}`;
  const good = file(one("F32", "[1]", "[0,4]"), four);
  const hugeHeader = good.slice();
  hugeHeader[4] = 1;
  test.each<[string, Uint8Array, string]>([
    ["empty", new Uint8Array(0), "must begin with a safetensors header"],
    ["cut in its header", good.subarray(0, 30), "must hold a header of 54 bytes, got a file of 30. It is truncated"],
    ["cut in its data", good.subarray(0, good.length - 1), 'w" must be F32 of shape [1] within 3 bytes'],
    ["with a header of 4 GB", hugeHeader, "must begin with a safetensors header"],
    ["whose header is no UTF-8", file('{"\x80').with(10, 0xff), "the header must be UTF-8"],
    ["whose header is no JSON", file('{"w":}'), "must hold well-formed JSON"],
    ["whose header is a bomb of brackets", file("{".repeat(100_000)), "must nest at most 3"],
    ["with a name twice", file(`{"w":{},"\\u0077":{}}`), 'every name must stand once in an object, got "w" twice'],
    ["with a field twice", file('{"w":{"dtype":"F32","dtype":"F64"}}'), '"dtype" twice'],
    ["with metadata of numbers", file('{"__metadata__":{"a":1}}'), "__metadata__ must hold text by name"],
    ["with metadata that are a list", file('{"__metadata__":[]}'), "__metadata__ must hold text by name"],
    ["of an unknown type", file(one("F8_E4M3", "[4]", "[0,4]"), four), 'got "F8_E4M3". Convert it to F32.'],
    ["of a type of everything's", file(one("toString", "[4]", "[0,4]"), four), 'got "toString"'],
    ["of a hostile size", file(one("F32", "[4294967296,4294967296]", "[0,4]"), four), "got the bytes [0,4]"],
    ["of a negative size", file(one("F32", "[-1,-1]", "[0,4]"), four), "of shape [-1,-1]"],
    ["of half a size", file(one("F32", "[0.5,2]", "[0,4]"), four), "of shape [0.5,2]"],
    ["whose shape is no list", file(one("F32", '"1"', "[0,4]"), four), 'of shape "1"'],
    ["with offsets beyond its data", file(one("F32", "[2]", "[0,8]"), four), "within 4 bytes of data"],
    ["with offsets the wrong way round", file(one("F32", "[1]", "[4,0]"), four), "got the bytes [4,0]"],
    ["with another type than length", file(one("F64", "[1]", "[0,4]"), four), '"w" must be F64 of shape [1]'],
    ["with a hole", file(one("F32", "[1]", "[1,5]"), new Uint8Array(5)), '"w" must begin at byte 0 of the data, got 1'],
    ["with a byte too many", file(one("F32", "[1]", "[0,4]"), new Uint8Array(5)), "must hold 4 bytes of data, got 5"],
    [
      "with arrays over one another",
      file(`${one("F32", "[1]", "[0,4]").slice(0, -1)},"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, four),
      "arrays may neither overlap nor leave holes",
    ],
    ["that is no object within", file('{"w":null}'), "must be of a type among F64, F32"],
  ])("%s", (_, bytes, sentence) => {
    let error: unknown;
    try {
      readSafetensors(bytes, "m.tanren");
    } catch (reason) {
      error = reason;
    }
    expect(error).toBeInstanceOf(DataError);
    const { text: said, message } = error as DataError;
    expect(message).toContain("m.tanren: ");
    expect(message).toContain(sentence);
    expect(message).not.toContain("\n");
    expect((said as { ja: string }).ja).toMatch(/^m\.tanren: .*。$/);
  });

  test("and what is written must be as long as its shape says", () => {
    const wrong: NumberArray = { dtype: "float32", shape: [3], data: new Float32Array(2) };
    expect(() => safetensorsBytes({ tensors: new Map([["w", wrong]]), metadata: new Map() })).toThrow(
      'safetensors, "w": must have as many numbers as its shape [3] says, got 2.',
    );
  });
});
