import { crc32 } from "../../core/crc32.ts";
import { DataError } from "../../core/errors.ts";
import { joined } from "../../core/file-bytes.ts";
import type { Told } from "../../core/text.ts";
import { ownTimers, rest } from "../../core/timers.ts";
import type { Piece } from "./mnist-manifest.ts";
import type { PieceBytes } from "./piece-rows.ts";

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** Milliseconds before the second and the third try. */
  readonly pauses?: readonly number[];
}

const defaultPauses = [300, 1200];

/** A response that trying again will not change, such as 404. */
class Refused extends DataError {}

/**
 * Tries up to three times, with longer and longer pauses; the second and third time past the browser's cache.
 * @throws DataError of the last try, or the signal's reason
 */
async function tried<T>(options: FetchOptions, attempt: (cache: RequestCache) => Promise<T>): Promise<T> {
  const pauses = options.pauses ?? defaultPauses;
  for (let i = 0; ; i++) {
    try {
      // A name never stands for other bytes, so what is in the cache need not be asked for again.
      return await attempt(i === 0 ? "force-cache" : "reload");
    } catch (error) {
      options.signal.throwIfAborted();
      if (i === pauses.length || error instanceof Refused) {
        throw error;
      }
      await rest(ownTimers, pauses[i], options.signal);
      options.signal.throwIfAborted();
    }
  }
}

/** The text of a small file, asked for anew each time. @throws DataError */
export function fetchText(url: string, options: FetchOptions): Promise<string> {
  return tried(options, async () => {
    const response = await request(url, "no-cache", options.signal);
    return response.text().catch((error) => {
      throw told(url, interrupted, error);
    });
  });
}

/**
 * Fetches one piece and checks it.
 * @param unpacked how many bytes it has once unpacked
 * @param onBytes told of the packed bytes as they come, with how many have come since the last call (negative when a try
 *   failed and they are fetched again)
 * @throws DataError when it cannot be had whole and right in three tries; the signal's reason when it aborts
 */
export function fetchPiece(
  baseUrl: string,
  piece: Piece,
  unpacked: number,
  onBytes: (more: number) => void,
  options: FetchOptions,
): Promise<PieceBytes> {
  const url = new URL(piece.file, baseUrl).href;
  return tried(options, async (cache) => {
    let told = 0;
    const count = (more: number) => {
      // A server may have unpacked the piece on the way: then more comes than the manifest says.
      const counted = Math.min(more, piece.bytes - told);
      told += counted;
      onBytes(counted);
    };
    try {
      return await onePiece(url, piece, unpacked, count, cache, options.signal);
    } catch (error) {
      onBytes(-told);
      throw error;
    }
  });
}

async function onePiece(
  url: string,
  { rows, bytes: packed, crc32: unpackedSum, packedCrc32: packedSum }: Piece,
  unpacked: number,
  onBytes: (more: number) => void,
  cache: RequestCache,
  signal: AbortSignal,
): Promise<PieceBytes> {
  const response = await request(url, cache, signal);
  const bytes = await collect(response, onBytes, Math.max(packed, unpacked)).catch((error) => {
    signal.throwIfAborted();
    throw told(url, interrupted, error);
  });
  if (bytes.length === packed && crc32(bytes) === packedSum) {
    return { rows, bytes, packed: true };
  }
  if (bytes.length === unpacked && crc32(bytes) === unpackedSum) {
    return { rows, bytes, packed: false };
  }
  throw told(url, damaged);
}

async function request(url: string, cache: RequestCache, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { cache, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw told(url, unreachable, error);
  }
  if (response.ok) {
    return response;
  }
  const { status } = response;
  const trouble = {
    en: `must be there, got HTTP status ${status}. Put the folder data/ of dist/studio beside the page, or try again later.`,
    ja: `を取得できませんでした(HTTP ステータス ${status})。dist/studio の data/ フォルダーをページと同じ場所に置くか、時間をおいてもう一度試してください。`,
  };
  const gone = status >= 400 && status < 500 && status !== 408 && status !== 429;
  throw gone ? new Refused(sentence(url, trouble)) : told(url, trouble);
}

/** All that comes; no more is waited for once it is more than there may be. */
async function collect(
  response: Response,
  onBytes: (more: number) => void,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body!.getReader();
  for (let next = await reader.read(); !next.done && length <= limit; next = await reader.read()) {
    length += next.value.length;
    parts.push(next.value);
    onBytes(next.value.length);
  }
  await reader.cancel();
  return joined(parts);
}

const unreachable: Told = {
  en: "must be reachable, got no answer. Check the network and run again: what has been loaded is kept.",
  ja: "に接続できません。ネットワークを確認して、もう一度実行してください。読み込み済みの部分は残っています。",
};

const interrupted: Told = {
  en: "must come whole, got only a part of it. Check the network and run again: what has been loaded is kept.",
  ja: "の受信が途中で切れました。ネットワークを確認して、もう一度実行してください。読み込み済みの部分は残っています。",
};

const damaged: Told = {
  en: "must hold the bytes that its checksum stands for, got others. Run again; if it stays so, build the studio anew.",
  ja: "の内容がチェックサムと一致しません。もう一度実行してください。直らない場合は studio をビルドし直してください。",
};

function sentence(url: string, { en, ja }: Told): Told {
  return { en: `data set: ${url} ${en}`, ja: `データセット: ${url} ${ja}` };
}

function told(url: string, trouble: Told, cause?: unknown): DataError {
  return new DataError(sentence(url, trouble), { cause });
}
