import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./store/make-folder.ts";

/** What a token may look like: long enough not to be guessed, and without signs that an address or a header would change. */
export const tokenPattern = /^[\w.~-]{16,200}$/;

export function freshToken(): string {
  return randomBytes(24).toString("base64url");
}

/**
 * The token of this user's studio, made when there is none. It is the same at every start, so that an open page and a kept
 * address stay good; its file can be read by the user alone. Where none can be kept, it lasts as long as the process.
 */
export function keptToken(folder: string): string {
  const file = join(folder, "studio-token");
  try {
    // Anybody's who could once read it: not on Windows, where the folder itself is the user's.
    const open = process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0;
    const known = readFileSync(file, "utf8").trim();
    if (!open && tokenPattern.test(known)) {
      return known;
    }
  } catch {
    // None yet.
  }
  const token = freshToken();
  const draft = `${file}.${process.pid}`;
  try {
    makeFolder(folder);
    writeFileSync(draft, `${token}\n`, { mode: 0o600, flag: "wx" });
    renameSync(draft, file);
  } catch {
    discard(draft);
  }
  return token;
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Its folder is none.
  }
}
