import { crc32 } from "../core/crc32.ts";
import { joined } from "../core/file-bytes.ts";
import { quoted } from "../core/text.ts";
import { refusal } from "./refusal.ts";

/** An archive may unpack to so many times its bytes, or to `freeBytes` if that is more: trained weights hardly pack at all. */
const mostRatio = 100;
const freeBytes = 64 * 2 ** 20;
/** As long as one typed array of the files we read may be. */
const mostBytes = 2 ** 31 - 1;
/** Deflate makes at most so many bytes of one. */
const deflateRatio = 1032;

const localSignature = 0x04034b50;
const centralSignature = 0x02014b50;
const endSignature = 0x06054b50;
const endLength = 22;
const stored = 0;
const deflated = 8;
const utf8Names = 0x0800;
const encrypted = 0x0001;
/** 1980-01-01, the first day zip knows: the same content gives the same bytes. */
const firstDay = 0x0021;

/**
 * Writes a zip archive of files by name. Format: PKWARE, APPNOTE.TXT 6.3, without zip64.
 * @param method `stored` as they are, `deflated` packed
 */
export async function zipBytes(
  files: ReadonlyMap<string, Uint8Array>,
  { method }: { readonly method: "stored" | "deflated" },
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let at = 0;
  for (const [file, content] of files) {
    const packed = method === "deflated" ? await through(content, new CompressionStream("deflate-raw")) : content;
    const name = new TextEncoder().encode(file);
    // Version 2.0, flags, method, time, day, checksum, both lengths, the name's length, no extra field.
    const shared = new Uint8Array(26);
    const view = new DataView(shared.buffer);
    view.setUint16(0, 20, true);
    view.setUint16(2, utf8Names, true);
    view.setUint16(4, method === "deflated" ? deflated : stored, true);
    view.setUint16(8, firstDay, true);
    view.setUint32(10, crc32(content), true);
    view.setUint32(14, packed.length, true);
    view.setUint32(18, content.length, true);
    view.setUint16(22, name.length, true);
    parts.push(number32(localSignature), shared, name, packed);
    // Made by version 2.0; no comment, disk 0, no attributes, where the file begins.
    const place = new Uint8Array(14);
    new DataView(place.buffer).setUint32(10, at, true);
    central.push(number32(centralSignature), number16(20), shared, place, name);
    at += 30 + name.length + packed.length;
  }
  const directory = joined(central);
  const end = new Uint8Array(endLength);
  const view = new DataView(end.buffer);
  view.setUint32(0, endSignature, true);
  view.setUint16(8, files.size, true);
  view.setUint16(10, files.size, true);
  view.setUint32(12, directory.length, true);
  view.setUint32(16, at, true);
  return joined([...parts, directory, end]);
}

/**
 * Reads a zip archive whole, strictly: stored and deflated files, each with the checksum it says, none overlapping another,
 * no name twice, and no more in all than {@link mostRatio} times the archive, so that a bomb is refused before it unpacks.
 * @param name of the archive, for errors
 * @throws DataError
 */
export async function readZip(bytes: Uint8Array, name: string): Promise<Map<string, Uint8Array>> {
  const entries = directoryOf(bytes, name);
  const most = Math.min(mostBytes, Math.max(freeBytes, mostRatio * bytes.length));
  const total = entries.reduce((sum, { length }) => sum + length, 0);
  if (total > most) {
    throw refusal(
      name,
      `must unpack to at most ${most} bytes, got ${total} from ${bytes.length}. Unpack it yourself if you trust it.`,
      `展開後は ${most} バイトまでですが、${bytes.length} バイトが ${total} バイトになります。信頼できるファイルなら、先に展開してください。`,
    );
  }
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) {
    files.set(entry.file, await contentOf(entry, name));
  }
  return files;
}

interface Entry {
  readonly file: string;
  readonly method: number;
  readonly checksum: number;
  /** Unpacked. */
  readonly length: number;
  readonly packed: Uint8Array;
}

/** The entries of the central directory, which alone says what the archive holds. */
function directoryOf(bytes: Uint8Array, name: string): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endRecord(view);
  if (end < 0) {
    throw refusal(
      name,
      "must end with a zip directory, got none. It is truncated or no zip archive: get it again.",
      "zip の目次がありません。途中で切れているか zip ではないので、入手し直してください。",
    );
  }
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) {
    throw refusal(
      name,
      "must be a zip archive below 4 GB, got zip64. Keep fewer or smaller arrays in one file.",
      "4 GB 以上の zip(zip64)は読めません。配列を分けて保存してください。",
    );
  }
  const entries: Entry[] = [];
  const names = new Set<string>();
  const ranges: { from: number; to: number }[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== centralSignature) {
      throw damaged(name);
    }
    const nameLength = view.getUint16(at + 28, true);
    const after = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (after > end) {
      throw damaged(name);
    }
    const file = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const method = view.getUint16(at + 10, true);
    if (view.getUint16(at + 8, true) & encrypted || (method !== stored && method !== deflated)) {
      throw refusal(
        name,
        `${quoted(file)} must be stored or deflated, got ${method === stored || method === deflated ? "an encrypted file" : `method ${method}`}. Pack it with one of these.`,
        `${quoted(file)} は無圧縮か deflate でなければなりません(暗号化、または方式 ${method})。保存し直してください。`,
      );
    }
    if (names.has(file)) {
      throw refusal(
        name,
        `every name must stand once, got ${quoted(file)} twice. Have it written anew.`,
        `同じ名前 ${quoted(file)} が2回現れます。書き出し直してください。`,
      );
    }
    names.add(file);
    const packedLength = view.getUint32(at + 20, true);
    const length = view.getUint32(at + 24, true);
    const header = view.getUint32(at + 42, true);
    if (header + 30 > at || view.getUint32(header, true) !== localSignature) {
      throw damaged(name);
    }
    const from = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    const possible = method === stored ? length === packedLength : length <= deflateRatio * packedLength;
    if (from + packedLength > bytes.length || !possible) {
      throw damaged(name);
    }
    ranges.push({ from: header, to: from + packedLength });
    const checksum = view.getUint32(at + 16, true);
    entries.push({ file, method, checksum, length, packed: bytes.subarray(from, from + packedLength) });
    at = after;
  }
  checkApart(ranges, name);
  return entries;
}

/** Where the directory's end record begins, or −1: the last place whose comment reaches just to the file's end. */
function endRecord(view: DataView): number {
  const first = Math.max(0, view.byteLength - endLength - 0xffff);
  for (let at = view.byteLength - endLength; at >= first; at--) {
    if (
      view.getUint32(at, true) === endSignature &&
      at + endLength + view.getUint16(at + 20, true) === view.byteLength
    ) {
      return at;
    }
  }
  return -1;
}

/** Files that share bytes are how a small archive becomes a huge one (Fifield 2019, "A better zip bomb"). */
function checkApart(ranges: readonly { from: number; to: number }[], name: string): void {
  let end = 0;
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    if (from < end) {
      throw damaged(name);
    }
    end = to;
  }
}

async function contentOf({ method, packed, length, checksum }: Entry, name: string): Promise<Uint8Array> {
  const content = method === stored ? packed : await inflated(packed, length);
  if (content === null || crc32(content) !== checksum) {
    throw damaged(name);
  }
  return content;
}

/** Unpacks what must become `length` bytes; null when it becomes anything else. */
async function inflated(packed: Uint8Array, length: number): Promise<Uint8Array | null> {
  try {
    const content = await through(packed, new DecompressionStream("deflate-raw"), length);
    return content.length === length ? content : null;
  } catch {
    return null;
  }
}

/** What a stream makes of some bytes. @param most of them, after which it is left */
async function through(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
  most = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const source = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const reader = source.pipeThrough(stream as ReadableWritablePair<Uint8Array, Uint8Array>).getReader();
  try {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      pieces.push(value as Uint8Array);
      length += (value as Uint8Array).length;
      if (length > most) {
        break;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
  return joined(pieces);
}

function number16(value: number): Uint8Array {
  return Uint8Array.of(value & 255, value >>> 8);
}

function number32(value: number): Uint8Array {
  return Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
}

function damaged(name: string): Error {
  return refusal(
    name,
    "must be a whole zip archive, got places, lengths or checksums that do not fit. It is damaged: get it again.",
    "zip の位置・長さ・チェックサムが合いません。破損しているので、入手し直してください。",
  );
}
