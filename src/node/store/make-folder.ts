import { lstatSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DataError } from "../../core/errors.ts";

/** How often others may remove a folder while we make what is in it. */
const patience = 32;

/**
 * Makes a folder and the parents it lacks; none when it is there.
 *
 * In place of `mkdirSync(…, { recursive: true })`, which never returns where a parent answers "no such file" although it
 * is there: a working folder that was deleted, /proc, some mounts.
 * @returns its absolute path
 * @throws DataError when the place is gone or cannot hold folders
 * @throws the system's error otherwise (EACCES, ENOTDIR, EROFS …)
 */
export function makeFolder(folder: string): string {
  const path = absolute(folder);
  for (let i = 0; i < patience; i++) {
    if (madeWhole(path)) {
      return path;
    }
  }
  throw new DataError({
    en: `folder ${path}: must lie in a place that can hold folders, got "no such file or directory" there. Give another place, or mount it again.`,
    ja: `folder ${path}: フォルダーを作れない場所です("no such file or directory")。別の場所を指定するか、マウントし直してください。`,
  });
}

/**
 * Makes a folder as {@link makeFolder} does and puts something into it; again where another process took the empty folder
 * away in between.
 * @param put gets the folder's absolute path
 */
export function withFolder<T>(folder: string, put: (path: string) => T): T {
  for (let i = 1; ; i++) {
    const path = makeFolder(folder);
    try {
      return put(path);
    } catch (error) {
      mayTryAgain(error, i);
    }
  }
}

/** {@link withFolder} for what takes its time. */
export async function withFolderAsync<T>(folder: string, put: (path: string) => Promise<T>): Promise<T> {
  for (let i = 1; ; i++) {
    const path = makeFolder(folder);
    try {
      return await put(path);
    } catch (error) {
      mayTryAgain(error, i);
    }
  }
}

/** @throws the error itself where it does not tell that the folder is gone, or has often enough */
function mayTryAgain(error: unknown, times: number): void {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT" || times === patience) {
    throw error;
  }
}

/** A path from the root, so that it stays the same wherever the process goes. @throws DataError when the working folder is gone */
export function absolute(path: string): string {
  try {
    return resolve(path);
  } catch (error) {
    throw new DataError(
      {
        en: `${path}: must be found from the working folder, got one that is no longer there. Change to another folder, or give an absolute path.`,
        ja: `${path}: 作業フォルダーがなくなっているため、場所を決められません。別のフォルダーに移るか、絶対パスで指定してください。`,
      },
      { cause: error },
    );
  }
}

/** Makes the folder from its nearest parent down. @returns false when a parent was lost on the way */
function madeWhole(path: string): boolean {
  const missing: string[] = [];
  for (let at = path; !made(at); at = dirname(at)) {
    if (at === dirname(at)) {
      return false;
    }
    missing.push(at);
  }
  return missing.reverse().every(made);
}

/** @returns false when there is no such place */
function made(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    // A root, a read-only system and a parent that may not be written say no to folders that are there already, some mounts
    // "no such file".
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true || (found?.isSymbolicLink() === true && isFolder(path))) {
      return true;
    }
    const { code } = error as NodeJS.ErrnoException;
    // What stood there may have been taken away since.
    if (code === "ENOENT" || (code === "EEXIST" && found === undefined)) {
      return false;
    }
    throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
