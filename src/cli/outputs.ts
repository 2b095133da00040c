import { existsSync, mkdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DataError, HyperError, saidBy } from "../core/errors.ts";
import { unwritable } from "../node/file-errors.ts";
import { absolute, withFolder } from "../node/store/make-folder.ts";
import { writingPlace } from "../node/whole-file.ts";
import type { OutputFile } from "../runs/outputs.ts";
import type { CliContext } from "./context.ts";

/**
 * Makes sure that files can be written into a folder, and leaves nothing there: before anything else is made.
 * @throws DataError
 */
export function checkFolder(folder: string): void {
  let present = absolute(folder);
  while (!existsSync(present) && present !== dirname(present)) {
    present = dirname(present);
  }
  try {
    prepareFolder(folder);
  } finally {
    for (let made = absolute(folder); made !== present && made !== dirname(made); made = dirname(made)) {
      removeEmpty(made);
    }
  }
}

/**
 * Makes sure that what is written is no file that is read: that would be lost, or the next run read something else.
 * @param read paths; of those that are no files (a terminal, a pipe) nothing is said
 * @throws HyperError
 */
export function checkApart(written: readonly string[], read: readonly string[]): void {
  const identity = (path: string) => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found?.isFile() ? `${found.dev}:${found.ino}` : path;
  };
  const outputs = new Map(written.map((path) => [identity(path), path]));
  for (const input of read) {
    const same = outputs.get(identity(input));
    if (same !== undefined && existsSync(same)) {
      throw new HyperError({
        en: `output ${same}: must be another file than what is read, got ${input} itself. Give another with --out.`,
        ja: `output ${same}: 読み込むファイル ${input} を上書きしてしまいます。--out で別の場所を指定してください。`,
      });
    }
  }
}

/** Takes a folder away in which nothing came to lie. */
export function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It was never made, or somebody has put something there.
  }
}

/** @throws DataError on a path that holds a control character: a terminal would obey it, and no file name may hold a NUL */
function mustBePrintable(path: string): void {
  const control = /\p{Cc}/u.exec(path);
  if (control !== null) {
    const code = control[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
    throw new DataError({
      en: `output: must be a folder whose name is printable, got a control character (U+${code}) in it. Give another with --out.`,
      ja: `output: 出力先のフォルダー名に制御文字(U+${code})があります。--out で別の名前を指定してください。`,
    });
  }
}

/** Makes sure, before hours are spent, that files can be written into a folder. @throws DataError */
export function prepareFolder(folder: string): void {
  mustBePrintable(folder);
  try {
    withFolder(folder, (path) => {
      const probe = join(path, `.tanren-${process.pid}.tmp`);
      writeFileSync(probe, "");
      rmSync(probe);
    });
  } catch (error) {
    throw outputError(folder, error);
  }
}

/** A time in a name: 20261127-174501. */
export function timeInName(time: Date): string {
  return time.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
}

/** Where the files of what began then go, unless told: results/<id>/20261127-174501-<what>. */
export function resultsFolder(id: string, began: Date, what: string): string {
  return join("results", id, `${timeInName(began)}-${what}`);
}

/** The next second: what is named after the second it began in may find another there, that began in it too. */
export const nextSecond = (time: Date): Date => new Date(time.getTime() + 1000);

/**
 * Makes folders named after the second they began in, each of them new: of several commands begun at once, none writes into
 * the folder of another.
 * @returns the first second from `began` in which all of them are  @throws DataError where folders cannot be made
 */
export function claimFolders(began: Date, foldersAt: (began: Date) => readonly string[]): Date {
  for (let at = began; ; at = nextSecond(at)) {
    const folders = foldersAt(at);
    const made = folders.filter(madeNew);
    if (made.length === folders.length) {
      return at;
    }
    made.forEach(removeEmpty);
  }
}

function madeNew(folder: string): boolean {
  mustBePrintable(folder);
  try {
    withFolder(dirname(folder), (path) => mkdirSync(join(path, basename(folder))));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw outputError(folder, error);
  }
}

/**
 * Writes each file under another name first, so that no half-written file ever has the right one; into a pipe or a device as
 * they are. @throws DataError
 */
export function writeOutputs(folder: string, files: readonly OutputFile[]): string[] {
  return files.map(({ name, contents }) => {
    const target = join(folder, name);
    let temporary: string | undefined;
    try {
      const place = writingPlace(target);
      if (place.inPlace) {
        writeFileSync(place.path, contents);
        return target;
      }
      // Where the process stands may have been deleted since it began.
      const file = basename(place.path);
      withFolder(dirname(place.path), (whole) => {
        temporary = join(whole, `.${file}-${process.pid}.tmp`);
        writeFileSync(temporary, contents);
        renameSync(temporary, join(whole, file));
      });
    } catch (error) {
      if (temporary !== undefined) {
        rmSync(temporary, { force: true });
      }
      throw outputError(target, error);
    }
    return target;
  });
}

function outputError(path: string, error: unknown): DataError {
  if (error instanceof DataError) {
    const why = saidBy(error);
    return new DataError(
      {
        en: `output ${path}: must be writable, got a place that can hold no folder. ${why.en}`,
        ja: `output ${path}: フォルダーを作れない場所です。${why.ja}`,
      },
      { cause: error },
    );
  }
  return unwritable({ en: `output ${path}:`, ja: `output ${path}: ` }, error, {
    en: "Give another with --out.",
    ja: "--out で別の場所を指定してください。",
  });
}

/** Names of standard output. Of what it may be redirected into, a file opened anew would lose what stands there. */
const standardOutput: readonly string[] = ["-", "/dev/stdout"];

/** Writes a command's one result, to standard output where that or no file is named. */
export function writeResult(out: string | undefined, contents: string | Uint8Array, context: CliContext): void {
  if (out === undefined || standardOutput.includes(out)) {
    process.stdout.write(contents);
    return;
  }
  const [path] = writeOutputs(dirname(out), [{ name: basename(out), contents }]);
  context.print(`  ${path}`);
}
