import type { Split } from "../../data/dataset.ts";

/** What came of a piece: the labels of its rows, then their images. */
export interface PieceBytes {
  readonly rows: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** With gzip; else a server has unpacked it on the way. */
  readonly packed: boolean;
}

/** A split of so many rows whose bytes are all 0. */
export function emptySplit(
  count: number,
  width: number,
  memory: { new (bytes: number): ArrayBufferLike } = ArrayBuffer,
): Split {
  const data = new Uint8Array(new memory(count * width));
  return { images: { data, count, width }, labels: new Uint8Array(new memory(count)) };
}

/** Rows [begin, end) of a split, or as many of them as it has, sharing its memory. */
export function cut({ images, labels }: Split, begin: number, end: number): Split {
  const { data, width } = images;
  const last = Math.min(end, images.count);
  return {
    labels: labels.subarray(begin, last),
    images: { data: data.subarray(begin * width, last * width), count: last - begin, width },
  };
}

/**
 * Writes the rows of a piece where they belong.
 * @param into as many rows as the piece has, or only the first of them
 * @throws TypeError when it cannot be unpacked: it must have been checked before
 */
export async function unpackPiece({ rows, bytes, packed }: PieceBytes, { images, labels }: Split): Promise<void> {
  let offset = 0;
  const take = (part: Uint8Array) => {
    place(part, offset, labels as Uint8Array, 0);
    place(part, offset, images.data, rows);
    offset += part.length;
  };
  if (packed) {
    await gunzip(bytes, take);
  } else {
    take(bytes);
  }
}

/** Writes into `target`, which begins at `begin` of all bytes, what a part of them has of it. */
function place(part: Uint8Array, offset: number, target: Uint8Array, begin: number): void {
  const from = Math.max(0, begin - offset);
  const at = Math.max(0, offset - begin);
  const count = Math.min(part.length - from, target.length - at);
  if (count > 0) {
    target.set(part.subarray(from, from + count), at);
  }
}

/** Hands on what the bytes unpack to, as it comes. */
async function gunzip(bytes: Uint8Array<ArrayBuffer>, take: (part: Uint8Array) => void): Promise<void> {
  const { readable, writable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  // Straight in: through a Blob's stream it took half as long again. The reader is told of what is wrong with them.
  void Promise.allSettled([writer.write(bytes), writer.close()]);
  const reader = readable.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    take(next.value);
  }
}
