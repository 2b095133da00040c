import { createHash } from "node:crypto";
import { createWriteStream, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gunzipSync } from "node:zlib";
import { checkOptions, type OptionNames } from "../../core/checks.ts";
import { DataError, saidBy } from "../../core/errors.ts";
import type { Told } from "../../core/text.ts";
import { ownTimers, waitableTime } from "../../core/timers.ts";
import { isGzip } from "../../data/gzip.ts";
import { type MnistFile, mnistFiles, mnistMirrors } from "../../data/mnist.ts";
import { isUnwritable, unwritableData } from "../file-errors.ts";
import { makeFolder } from "../store/make-folder.ts";
import { md5Of, mnistPath } from "./mnist-folder.ts";

export interface DownloadOptions {
  readonly folder: string;
  /** Folders on the web, tried in order; MNIST's own when absent. */
  readonly mirrors?: readonly string[];
  /** What is downloaded; MNIST's four files when absent. */
  readonly files?: readonly MnistFile[];
  /** Called as bytes come; `total` is null when the server does not say. */
  readonly onProgress?: (file: string, received: number, total: number | null) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds without a byte after which a mirror is given up. */
  readonly patience?: number;
}

const optionNames: OptionNames<DownloadOptions> = {
  folder: true,
  mirrors: true,
  files: true,
  onProgress: true,
  signal: true,
  patience: true,
};

/**
 * Downloads what is missing of MNIST into a folder. A broken-off file is resumed, each is checked by its MD5 before it
 * gets its name, and a mirror that fails or falls silent gives way to the next.
 * @returns the names of the files that were fetched
 * @throws DataError when no mirror gave a file, with what each answered, or the folder cannot be written
 */
export async function downloadMnist(options: DownloadOptions): Promise<string[]> {
  checkOptions("downloadMnist", options, optionNames);
  waitableTime("downloadMnist", "patience", options.patience);
  try {
    makeFolder(options.folder);
  } catch (error) {
    throw unwritableData("MNIST", options.folder, error);
  }
  const fetched: string[] = [];
  for (const file of options.files ?? mnistFiles) {
    const present = mnistPath(options.folder, file);
    if (present !== undefined && (await sound(present, file))) {
      continue;
    }
    await fetchFile(file, options);
    fetched.push(file.name);
  }
  return fetched;
}

async function sound(path: string, file: MnistFile): Promise<boolean> {
  try {
    return (await md5Of(path)) === file.md5;
  } catch {
    return false;
  }
}

async function fetchFile(file: MnistFile, options: DownloadOptions): Promise<void> {
  const { folder, mirrors = mnistMirrors, signal } = options;
  const part = join(folder, `${file.name}.gz.part`);
  const failures: Told[] = [];
  for (const mirror of mirrors) {
    try {
      await receive(new URL(`${file.name}.gz`, mirror), part, file, options);
      unpack(part, join(folder, file.name), file);
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (isUnwritable(error)) {
        // No other mirror would help.
        throw unwritableData("MNIST", folder, error);
      }
      const [{ host }, reason] = [new URL(mirror), reasonOf(error)];
      failures.push({ en: `${host}: ${reason.en}`, ja: `${host}: ${reason.ja}` });
    }
  }
  throw new DataError({
    en: `MNIST: one of ${mirrors.length} mirrors must give ${file.name}.gz, got ${failures.map(({ en }) => en).join("; ")}. Check the connection and run it again, or give a folder with --from.`,
    ja: `MNIST: ${mirrors.length} か所のミラーのどこからも ${file.name}.gz を取得できませんでした(${failures.map(({ ja }) => ja).join("、")})。接続を確かめて再実行するか、--from でフォルダーを指定してください。`,
  });
}

/** Appends to what is there of the file when the server can resume, else begins anew. */
async function receive(url: URL, part: string, file: MnistFile, options: DownloadOptions): Promise<void> {
  const { onProgress, signal, patience = 15_000 } = options;
  const had = existsSync(part) ? statSync(part).size : 0;
  const silence = new AbortController();
  const stop = AbortSignal.any([silence.signal, ...(signal ? [signal] : [])]);
  const giveUp = () =>
    silence.abort(
      new DataError({ en: `no answer for ${patience / 1000} s`, ja: `${patience / 1000} 秒間応答がありません` }),
    );
  let callOff = ownTimers.after(patience, giveUp);
  try {
    const response = await fetch(url, { signal: stop, headers: had > 0 ? { range: `bytes=${had}-` } : {} });
    if (response.status === 416) {
      // All of it was there already, or something longer: the checksum will tell.
      return;
    }
    if (!response.ok || response.body === null) {
      throw new DataError({ en: `status ${response.status}`, ja: `状態コード ${response.status}` });
    }
    const encoded = response.headers.get("content-encoding") !== null;
    if (encoded && had > 0) {
      // What is there may be unpacked while the rest would come packed.
      await response.body.cancel();
      rmSync(part, { force: true });
      return await receive(url, part, file, options);
    }
    const resumed = response.status === 206;
    const length = Number(response.headers.get("content-length"));
    const total = length > 0 && !encoded ? length + (resumed ? had : 0) : null;
    let received = resumed ? had : 0;
    const watch = new Transform({
      transform(chunk: Uint8Array, _encoding, done) {
        callOff();
        callOff = ownTimers.after(patience, giveUp);
        received += chunk.length;
        // A packed file is never longer than the unpacked one by more than its header.
        done(
          received > file.bytes + 1024
            ? new DataError({ en: "more bytes than the file has", ja: "ファイルの大きさを超えるデータが届きました" })
            : null,
          chunk,
        );
        onProgress?.(file.name, received, total);
      },
    });
    const target = createWriteStream(part, { flags: resumed ? "a" : "w" });
    await pipeline(Readable.fromWeb(response.body as never), watch, target, { signal: stop });
  } catch (error) {
    throw silence.signal.aborted ? silence.signal.reason : error;
  } finally {
    callOff();
  }
}

/** Gives the unpacked file its name only when it is right; a wrong part is thrown away. */
function unpack(part: string, target: string, file: MnistFile): void {
  let bytes: Uint8Array;
  try {
    const came: Uint8Array = readFileSync(part);
    // Mirrors that mark gzip as Content-Encoding have it unpacked on the way.
    bytes = isGzip(came) ? gunzipSync(came, { maxOutputLength: file.bytes }) : came;
  } catch {
    rmSync(part, { force: true });
    throw new DataError({ en: "a damaged gzip file", ja: "gzip ファイルが壊れています" });
  }
  const md5 = createHash("md5").update(bytes).digest("hex");
  if (md5 !== file.md5) {
    rmSync(part, { force: true });
    throw new DataError({
      en: `a file whose MD5 is ${md5} instead of ${file.md5}`,
      ja: `MD5 が ${file.md5} ではなく ${md5} でした`,
    });
  }
  writeFileSync(`${target}.new`, bytes);
  renameSync(`${target}.new`, target);
  rmSync(part, { force: true });
}

function reasonOf(error: unknown): Told {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  const known = cause?.code ?? cause?.message;
  return known === undefined ? saidBy(error) : { en: known, ja: known };
}
