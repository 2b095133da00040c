import { DataError } from "./errors.ts";
import { describeValue } from "./foreign-value.ts";

/** What a file holds, as whoever read it gives it: Node a Uint8Array, `fetch` and a page's file an ArrayBuffer. */
export type FileBytes = Uint8Array | ArrayBuffer;

/** The bytes of a file, not copied. @param name of the file, for the error  @throws DataError on what holds no bytes */
export function fileBytes(given: FileBytes, name: string): Uint8Array {
  if (given instanceof Uint8Array) {
    return given;
  }
  if (ArrayBuffer.isView(given)) {
    const { buffer, byteOffset, byteLength } = given as ArrayBufferView;
    return new Uint8Array(buffer, byteOffset, byteLength);
  }
  // By its tag: a page's frame has an ArrayBuffer of its own.
  if (Object.prototype.toString.call(given) === "[object ArrayBuffer]") {
    return new Uint8Array(given);
  }
  throw new DataError({
    en: `${name}: must be given as bytes, a Uint8Array or an ArrayBuffer, got ${describeValue(given)}. Await its arrayBuffer() first.`,
    ja: `${name}: バイト列(Uint8Array か ArrayBuffer)で渡してください(渡された値: ${describeValue(given)})。先に await で arrayBuffer() を取り出します。`,
  });
}

/** Pieces one after the other, in memory of their own. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
