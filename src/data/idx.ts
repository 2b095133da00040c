import { DataError } from "../core/errors.ts";

/** An array as an IDX file holds it. */
export interface IdxArray {
  /** Lengths of the dimensions, slowest first: [60000, 28, 28]. */
  readonly shape: readonly number[];
  /** The elements' bytes, as many for each as its type has, the highest first. */
  readonly data: Uint8Array;
  readonly type: IdxType;
}

/** IDX's codes of element types that images and labels come in, and the bytes of one element. */
const elementTypes = { 8: "uint8", 9: "int8", 11: "int16", 12: "int32" } as const;
const elementBytes = { uint8: 1, int8: 1, int16: 2, int32: 4 } as const;
export type IdxType = (typeof elementTypes)[keyof typeof elementTypes];
const MAX_DIMENSIONS = 4;
const MAX_BYTES = 2 ** 31 - 1;

/**
 * Reads an IDX file that comes in pieces: two zero bytes, the element type, the number of dimensions, each dimension as a
 * big-endian 32-bit number, then the elements. Strict: what is missing, too much or of another kind is refused.
 * Format: LeCun, Cortes & Burges, "The MNIST database of handwritten digits".
 */
export class IdxReader {
  private readonly name: string;
  private readonly allocate: (bytes: number) => Uint8Array;
  private header = new Uint8Array(0);
  private shape: number[] | null = null;
  private data = new Uint8Array(0);
  private type: IdxType = "uint8";
  private readonly most: number;
  private filled = 0;

  /**
   * @param name of the file, for errors
   * @param allocate gives the memory for the elements, such as shared memory
   * @param most bytes that can come at all: a header that promises more is refused before memory is taken for them
   */
  constructor(
    name: string,
    allocate: (bytes: number) => Uint8Array = (bytes) => new Uint8Array(bytes),
    most: number = MAX_BYTES,
  ) {
    this.name = name;
    this.allocate = allocate;
    this.most = most;
  }

  /** Takes the next piece. @throws DataError as soon as it cannot be right */
  push(piece: Uint8Array): void {
    let rest = piece;
    if (this.shape === null) {
      const joined = new Uint8Array(this.header.length + piece.length);
      joined.set(this.header);
      joined.set(piece, this.header.length);
      this.header = joined;
      const length = this.readHeader();
      if (this.shape === null) {
        return;
      }
      rest = joined.subarray(length);
    }
    if (this.filled + rest.length > this.data.length) {
      throw this.broken(
        `must hold ${this.data.length} bytes of data for ${this.shape.join(" × ")}, got more than that. It is damaged or not the file it is named after: get it again.`,
        `データは ${this.shape.join(" × ")} で ${this.data.length} バイトのはずですが、それより長いです。破損しているか別のファイルです。入手し直してください。`,
      );
    }
    this.data.set(rest, this.filled);
    this.filled += rest.length;
  }

  /** The whole array. @throws DataError when the file ended early */
  end(): IdxArray {
    if (this.shape === null) {
      const got = this.header.length === 0 ? "an empty file" : `only ${this.header.length} bytes`;
      throw this.broken(
        `must begin with an IDX header, got ${got}. Get the file again.`,
        `IDX のヘッダーがありません(${this.header.length} バイト)。入手し直してください。`,
      );
    }
    if (this.filled < this.data.length) {
      throw this.broken(
        `must hold ${this.data.length} bytes of data for ${this.shape.join(" × ")}, got ${this.filled}. It is truncated: get it again.`,
        `データは ${this.shape.join(" × ")} で ${this.data.length} バイトのはずですが、${this.filled} バイトです。途中で切れているので、入手し直してください。`,
      );
    }
    return { shape: this.shape, data: this.data, type: this.type };
  }

  /** Reads the header when it is all there; returns its length. */
  private readHeader(): number {
    const bytes = this.header;
    if (bytes.length < 4) {
      return 0;
    }
    const magic = [...bytes.subarray(0, 4)].map((b) => b.toString(16).padStart(2, "0")).join(" ");
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
      throw this.broken(
        "must be an IDX file, got a gzip file within. Unpack it.",
        "IDX ではなく gzip ファイルです。展開してください。",
      );
    }
    if (bytes[0] !== 0 || bytes[1] !== 0) {
      throw this.broken(
        `must begin with the bytes 00 00, got ${magic}. It is not an IDX file: get it again.`,
        `先頭のバイトが 00 00 ではなく ${magic} なので、IDX ファイルではありません。入手し直してください。`,
      );
    }
    const type = elementTypes[bytes[2] as keyof typeof elementTypes];
    if (type === undefined) {
      throw this.broken(
        `must hold bytes or whole numbers (type 08, 09, 0b or 0c), got type ${magic.slice(6, 8)}. Convert it to bytes.`,
        `要素はバイトか整数(型 08・09・0b・0c)ですが、型 ${magic.slice(6, 8)} です。バイトに変換してください。`,
      );
    }
    const dimensions = bytes[3];
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw this.broken(
        `must have 1 to ${MAX_DIMENSIONS} dimensions, got ${dimensions}. Get the file again.`,
        `次元は 1〜${MAX_DIMENSIONS} ですが、${dimensions} です。入手し直してください。`,
      );
    }
    const length = 4 + 4 * dimensions;
    if (bytes.length < length) {
      return 0;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
    const total = shape.reduce((product, n) => product * n, elementBytes[type]);
    if (total > MAX_BYTES) {
      throw this.broken(
        `must hold less than 2 GiB, got ${shape.join(" × ")}. It is damaged: get it again.`,
        `データは 2 GiB 未満ですが、${shape.join(" × ")} となっています。破損しているので、入手し直してください。`,
      );
    }
    if (total > this.most) {
      throw this.broken(
        `must hold ${total} bytes of data for ${shape.join(" × ")}, got a file of at most ${this.most}. It is truncated or damaged: get it again.`,
        `データは ${shape.join(" × ")} で ${total} バイトのはずですが、ファイルは最大でも ${this.most} バイトです。途中で切れているか破損しています。入手し直してください。`,
      );
    }
    this.shape = shape;
    this.type = type;
    this.data = this.allocate(total) as Uint8Array<ArrayBuffer>;
    return length;
  }

  private broken(en: string, ja: string): DataError {
    return new DataError({ en: `${this.name}: ${en}`, ja: `${this.name}: ${ja}` });
  }
}

/** The elements of an array of labels as numbers, whatever their type. */
export function labelNumbers({ data, type }: IdxArray): Uint8Array | Int32Array {
  if (type === "uint8") {
    return data;
  }
  const bytes = elementBytes[type];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Int32Array.from({ length: data.length / bytes }, (_, i) => {
    const at = i * bytes;
    return type === "int8" ? view.getInt8(at) : type === "int16" ? view.getInt16(at) : view.getInt32(at);
  });
}
