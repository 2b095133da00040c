import { lstatSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

export interface WritingPlace {
  /** Where the bytes go: of a link the file that it names, so that the link stays. */
  readonly path: string;
  /** A pipe or a device takes bytes as they come; a file put in its place would reach nobody. */
  readonly inPlace: boolean;
}

/** Where what is written under a name goes. @throws the system's error of a name that leads nowhere (ELOOP, EACCES …) */
export function writingPlace(path: string): WritingPlace {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined) {
    return found.isFile() ? { path: realpathSync(path), inPlace: false } : { path, inPlace: !found.isDirectory() };
  }
  // A link may name a file that is yet to be made.
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()
    ? writingPlace(resolve(dirname(path), readlinkSync(path)))
    : { path, inPlace: false };
}
