import { expect, test } from "vitest";
import { tensorboardBytes } from "./tensorboard.ts";

/** CRC-32C a bit at a time, apart from the one that is tested. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
    }
  }
  return ~crc >>> 0;
}

/** Undoes the mask as TensorFlow's reader does. */
function unmasked(value: number): number {
  const turned = (value - 0xa282ead8) >>> 0;
  return ((turned >>> 17) | (turned << 15)) >>> 0;
}

/** The records' data, each checked. */
function records(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: Uint8Array[] = [];
  let at = 0;
  while (at < file.length) {
    const length = Number(view.getBigUint64(at, true));
    expect(unmasked(view.getUint32(at + 8, true))).toBe(checksum(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(unmasked(view.getUint32(at + 12 + length, true))).toBe(checksum(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

type Field = readonly [number: number, value: number | Uint8Array];

/** A message's fields in order: varints and 64- and 32-bit numbers as numbers, the rest as bytes. */
function fields(message: Uint8Array): Field[] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const found: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) {
        return value;
      }
    }
  };
  while (at < message.length) {
    const key = varint();
    const kind = key & 7;
    if (kind === 0) {
      found.push([key >>> 3, varint()]);
    } else if (kind === 1) {
      found.push([key >>> 3, view.getFloat64(at, true)]);
      at += 8;
    } else if (kind === 5) {
      found.push([key >>> 3, view.getFloat32(at, true)]);
      at += 4;
    } else {
      const length = varint();
      found.push([key >>> 3, message.subarray(at, at + length)]);
      at += length;
    }
  }
  expect(at).toBe(message.length);
  return found;
}

const words = (bytes: unknown) => new TextDecoder().decode(bytes as Uint8Array);
const doubles = (bytes: unknown) => [...new Float64Array((bytes as Uint8Array).slice().buffer)];

test("an event file holds what was given, read by the format's own description", () => {
  const time = 1_790_000_000.25;
  const file = tensorboardBytes([
    { time, step: 0, scalars: { "loss/train": 2.5, 精度: Number.NaN } },
    { time: time + 1, step: 3_000_000_000, histograms: { "weights/W1": { edges: [-1, 0, 2], counts: [3, 5] } } },
  ]);
  const [version, first, second, ...rest] = records(file).map(fields);
  expect(rest).toEqual([]);
  expect(version.map(([number]) => number)).toEqual([1, 3]);
  expect([version[0][1], words(version[1][1])]).toEqual([time, "brain.Event:2"]);

  expect(first.slice(0, 2)).toEqual([
    [1, time],
    [2, 0],
  ]);
  const scalars = fields(first[2][1] as Uint8Array).map(([number, value]) => [number, fields(value as Uint8Array)]);
  expect(first[2][0]).toBe(5);
  const read = scalars.map(([number, value]) => [number, words((value as Field[])[0][1]), (value as Field[])[1]]);
  expect(read).toEqual([
    [1, "loss/train", [2, 2.5]],
    [1, "精度", [2, Number.NaN]],
  ]);

  expect(second.slice(0, 2)).toEqual([
    [1, time + 1],
    [2, 3_000_000_000],
  ]);
  const [, value] = fields(second[2][1] as Uint8Array)[0];
  const [tag, histogram] = fields(value as Uint8Array);
  expect([tag[0], words(tag[1]), histogram[0]]).toEqual([1, "weights/W1", 5]);
  const parts = fields(histogram[1] as Uint8Array);
  // Three values at −½, five at 1.
  expect(parts.slice(0, 5)).toEqual([
    [1, -1],
    [2, 2],
    [3, 8],
    [4, 3.5],
    [5, 5.75],
  ]);
  expect([parts[5][0], doubles(parts[5][1])]).toEqual([6, [-1, 0, 2]]);
  expect([parts[6][0], doubles(parts[6][1])]).toEqual([7, [0, 3, 5]]);
});
