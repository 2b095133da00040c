import type { DataOrigin } from "../../core/data-origin.ts";
import { DataError } from "../../core/errors.ts";

/** One piece of a data set: a file packed with gzip that holds the labels of its rows, then their images. */
export interface Piece {
  /** Relative to the manifest. Its name holds its checksum, so a cached copy is never of another build. */
  readonly file: string;
  readonly rows: number;
  /** Packed, as it is fetched. */
  readonly bytes: number;
  /** CRC-32 of the unpacked bytes. */
  readonly crc32: number;
  /** CRC-32 of the packed bytes. */
  readonly packedCrc32: number;
}

/** `manifest.json` beside the pieces. */
export interface Manifest {
  readonly name: string;
  readonly classes: number;
  /** Bytes of one image. */
  readonly width: number;
  /** Of all rows, by `data/fingerprint.ts`: a page may load only some of them. */
  readonly fingerprint: string;
  /** In the order of their rows. */
  readonly train: readonly Piece[];
  readonly test: readonly Piece[];
}

const limits = { rows: 1_000_000, bytes: 1 << 28 };

/** Checks a manifest that came over the network. @throws DataError when it is not one */
export function parseManifest(text: string, url: string): Manifest {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw notManifest(url);
  }
  const manifest = found as Manifest;
  const whole = (value: unknown, max: number) =>
    Number.isInteger(value) && (value as number) > 0 && (value as number) <= max;
  const isPiece = (piece: Piece) =>
    typeof piece === "object" &&
    piece !== null &&
    /^[\w.-]+$/.test(piece.file) &&
    whole(piece.rows, limits.rows) &&
    whole(piece.bytes, limits.bytes) &&
    Number.isInteger(piece.crc32) &&
    Number.isInteger(piece.packedCrc32);
  const right =
    typeof manifest === "object" &&
    manifest !== null &&
    typeof manifest.name === "string" &&
    whole(manifest.classes, 256) &&
    whole(manifest.width, 1 << 20) &&
    /^[0-9a-f]{16}$/.test(manifest.fingerprint) &&
    [manifest.train, manifest.test].every((part) => Array.isArray(part) && part.length > 0 && part.every(isPiece));
  if (!right) {
    throw notManifest(url);
  }
  return manifest;
}

function notManifest(url: string): DataError {
  return new DataError({
    en: `data set: ${url} must be the manifest of the studio's data, got something else. Put the folder data/ of dist/studio beside the page.`,
    ja: `データセット: ${url} は studio のデータ目録(manifest.json)である必要がありますが、内容が違います。dist/studio の data/ フォルダーをページと同じ場所に置いてください。`,
  });
}

/** What a record keeps of the data set. */
export function originOfManifest({ name, classes, width, fingerprint, train, test }: Manifest): DataOrigin {
  return { name, fingerprint, trainRows: rowsOf(train), testRows: rowsOf(test), classes, inputs: width };
}

/** Rows in all pieces together. */
export function rowsOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { rows }) => sum + rows, 0);
}
