import { joined } from "../core/file-bytes.ts";
import { bytesOf } from "./number-array.ts";

/**
 * Protocol Buffers' wire format, as much as is written here: a message is fields one after the other, each a number with
 * the kind of its value. Format: Google, "Encoding".
 */

/** A message, or a part of one: pieces to be joined. */
export type Message = readonly Uint8Array[];

const utf8 = new TextEncoder();

/** A whole number of up to 53 bits, seven bits a byte, the lowest first; negative ones as 64-bit two's complement. */
function varint(value: number): number[] {
  if (value < 0) {
    const out: number[] = [];
    for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
      if (rest < 128n) {
        return [...out, Number(rest)];
      }
      out.push(Number(rest & 127n) | 128);
    }
  }
  const out: number[] = [];
  let rest = value;
  while (rest > 127) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...out, rest];
}

/** int32, int64 and enumerations. */
export function wholeField(field: number, value: number): Message {
  return [Uint8Array.from([...varint(field * 8), ...varint(value)])];
}

/** float */
export function floatField(field: number, value: number): Message {
  return [Uint8Array.from(varint(field * 8 + 5)), bytesOf(Float32Array.of(value))];
}

/** double */
export function doubleField(field: number, value: number): Message {
  return [Uint8Array.from(varint(field * 8 + 1)), bytesOf(Float64Array.of(value))];
}

/** string */
export function textField(field: number, text: string): Message {
  return messageField(field, [utf8.encode(text)]);
}

/** bytes, an embedded message, or a packed list of numbers */
export function messageField(field: number, content: Message): Message {
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  return [Uint8Array.from([...varint(field * 8 + 2), ...varint(length)]), ...content];
}

export function messageBytes(message: Message): Uint8Array {
  return joined(message);
}
