import { crc32 } from "../../core/crc32.ts";
import type { Told } from "../../core/text.ts";
import { ownTimers, rest } from "../../core/timers.ts";
import { ToldError } from "../told-error.ts";
import type { Piece } from "./mnist-manifest.ts";

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** Milliseconds before the second and the third try. */
  readonly pauses?: readonly number[];
}

const defaultPauses = [300, 1200];

/** A response that trying again will not change, such as 404. */
class Refused extends ToldError {}

/**
 * Tries up to three times, with longer and longer pauses; the second and third time past the browser's cache.
 * @throws ToldError of the last try, or the signal's reason
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

/** The text of a small file, asked for anew each time. @throws ToldError */
export function fetchText(url: string, options: FetchOptions): Promise<string> {
  return tried(options, async () => {
    const response = await request(url, "no-cache", options.signal);
    return response.text().catch((error) => {
      throw told(url, interrupted, error);
    });
  });
}

/**
 * Fetches one piece, unpacks and checks it.
 * @param bytes of the piece once unpacked
 * @param onBytes told of the packed bytes as they come, with how many have come since the last call (negative when a try
 *   failed and they are fetched again)
 * @returns the unpacked bytes
 * @throws ToldError when it cannot be had whole and right in three tries; the signal's reason when it aborts
 */
export function fetchPiece(
  baseUrl: string,
  piece: Piece,
  bytes: number,
  onBytes: (more: number) => void,
  options: FetchOptions,
): Promise<Uint8Array<ArrayBuffer>> {
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
      return await onePiece(url, piece, bytes, count, cache, options.signal);
    } catch (error) {
      onBytes(-told);
      throw error;
    }
  });
}

async function onePiece(
  url: string,
  piece: Piece,
  bytes: number,
  onBytes: (more: number) => void,
  cache: RequestCache,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await request(url, cache, signal);
  const packed = await collect(response, onBytes, bytes + piece.bytes).catch((error) => {
    signal.throwIfAborted();
    throw told(url, interrupted, error);
  });
  const whole = await unpacked(packed, bytes).catch((error) => {
    throw told(url, damaged, error);
  });
  if (whole.length !== bytes || crc32(whole) !== piece.crc32) {
    throw told(url, damaged);
  }
  return whole;
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

/** @throws RangeError when more comes than can be right */
async function collect(response: Response, onBytes: (more: number) => void, limit: number): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return parts;
    }
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      throw new RangeError("more bytes than the manifest says");
    }
    parts.push(value);
    onBytes(value.length);
  }
}

/** Unpacks gzip; a server that unpacked it on the way (Content-Encoding) is fine too. */
async function unpacked(parts: Uint8Array[], bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const first = parts.find(({ length }) => length > 0);
  const blob = new Blob(parts as Uint8Array<ArrayBuffer>[]);
  const stream = first?.[0] === 0x1f ? blob.stream().pipeThrough(new DecompressionStream("gzip")) : blob.stream();
  const whole = new Uint8Array(bytes);
  const reader = stream.getReader();
  for (let filled = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) {
      return filled === bytes ? whole : whole.subarray(0, filled);
    }
    if (filled + value.length > bytes) {
      await reader.cancel();
      throw new RangeError("more bytes than the manifest says");
    }
    whole.set(value, filled);
    filled += value.length;
  }
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

function told(url: string, trouble: Told, cause?: unknown): ToldError {
  return new ToldError(sentence(url, trouble), { cause });
}
