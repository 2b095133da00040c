import { fileURLToPath } from "node:url";
import { DataError, nearest } from "../../core/errors.ts";
import type { Told } from "../../core/text.ts";

/** What `--store` or `TANREN_STORE` names. `text` is all of it that may be shown: no password is in it. */
export type StoreAddress =
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  | { readonly kind: "memory"; readonly text: string }
  | { readonly kind: "postgres"; readonly url: string; readonly text: string };

/** Words before a colon that name no file, with or without slashes after it. */
const foreign =
  /^(pg|psql|pgsql|cockroach(db)?|mysql|mariadb|mongodb|rediss?|mssql|sqlserver|oracle|[jo]dbc|https?|ftps?|s3|wss?)$/i;

/** A path that says of itself that it is one. */
const plainPath = /^(\.{0,2}[/\\](?![/\\])|~|[a-z]:[/\\])/i;

/**
 * Reads an address of a store: a file's path (`sqlite:` and `file:` before it are allowed), `:memory:`, or
 * `postgres://user:password@host:port/database` with what pg understands after a `?`; a URL as its text.
 * @param where begins the error's sentence
 * @throws DataError when it is none of these; nothing of an address that may hold a password is in the sentence
 */
export function parseStoreAddress(given: string | URL, where = "store"): StoreAddress {
  const text = given instanceof URL ? given.href : given;
  const refuse = (came: Told): never => {
    throw new DataError({
      en: `${where}: must be a file or postgres://…, got ${came.en}. Give one of these with --store.`,
      ja: `${where}: ファイルか postgres://… を指定してください(${came.ja})。--store で指定します。`,
    });
  };
  const unreadable = (came: Told): never => {
    throw new DataError({
      en: `${where}: must be a URL like postgres://user:password@host:5432/database, got ${came.en}. Check it; special characters of a password are written in percent code.`,
      ja: `${where}: postgres://user:password@host:5432/database の形の URL を指定してください(${came.ja})。パスワードの特殊文字はパーセント符号化して書きます。`,
    });
  };
  if (typeof text !== "string") {
    refuse({ en: "no text", ja: "文字列ではありません" });
  }
  if (text.trim() === "") {
    refuse({ en: "nothing", ja: "指定が空です" });
  }
  const control = /\p{Cc}/u.exec(text);
  if (control !== null) {
    refuse({
      en: `a control character (${codeOf(control[0])}) in it`,
      ja: `制御文字(${codeOf(control[0])})が含まれています`,
    });
  }
  if (/^(sqlite:)?:memory:$/i.test(text)) {
    return { kind: "memory", text: ":memory:" };
  }
  if (/^postgres(ql)?:\/\//i.test(text)) {
    return {
      kind: "postgres",
      url: text,
      text: postgresText(text) ?? unreadable({ en: "one that cannot be read", ja: "指定された値は読み取れません" }),
    };
  }
  const [, scheme = "", rest = ""] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(text) ?? [];
  if (/^postgres(ql)?$/i.test(scheme)) {
    unreadable({ en: `one without the two slashes after ${scheme}:`, ja: `${scheme}: の後に // がありません` });
  }
  if (/^file$/i.test(scheme)) {
    return fileOf(
      fileFromUrl(text) ??
        refuse({
          en: "a file: URL that names no file of this machine",
          ja: "この機械のファイルを指していない file: の URL です",
        }),
    );
  }
  const isSqlite = /^sqlite$/i.test(scheme);
  const path = isSqlite ? rest.replace(/^\/\//, "") : text;
  if (path === "") {
    refuse({ en: "nothing after sqlite:", ja: "sqlite: の後が空です" });
  }
  if (foreign.test(scheme) || nearest(scheme, ["postgres", "postgresql"]) !== undefined) {
    const shown = `${scheme}:${rest.startsWith("/") ? "//" : ""}…`;
    refuse({ en: shown, ja: `指定された値: ${shown}` });
  }
  // Of an address that is none of ours nothing is said: what stands before its colon may be anything.
  if ((!isSqlite && rest.startsWith("//")) || mayHoldPassword(path)) {
    refuse(
      /^[a-z]+$/i.test(scheme) && !path.includes("@")
        ? { en: `${scheme}://…`, ja: `指定された値: ${scheme}://…` }
        : { en: "another kind of address", ja: "別の種類のアドレスです" },
    );
  }
  return fileOf(path);
}

/** Whether a store's address names a PostgreSQL database. @throws DataError when it can be none */
export function isPostgres(address: string | URL): boolean {
  return parseStoreAddress(address, "study store").kind === "postgres";
}

/**
 * A text without what may be a database's password: addresses in it keep their scheme and what follows the last `@`, and
 * `password=` keeps its name. For messages that repeat what a person typed in the wrong place.
 * @param typed arguments as they were typed: one that holds an address is hidden whole
 */
export function withoutPasswords(text: string, typed: readonly string[] = []): string {
  let shown = text;
  // `--name=value` and `name=value` are told of by their value alone, too.
  const values = typed.flatMap((argument) => argument.split("=").map((_, i, parts) => parts.slice(i).join("=")));
  for (const value of values.filter(mayHoldPassword).sort((a, b) => b.length - a.length)) {
    shown = shown.replaceAll(value, "…").replaceAll(JSON.stringify(value).slice(1, -1), "…");
  }
  return shown
    .replace(/([a-z][a-z0-9+.-]*:\/*)[^\s"'`]*@/gi, "$1…@")
    .replace(/((?:password|passwd|pwd)\s*=\s*)[^\s&"'`]+/gi, "$1…");
}

/** Whether a text has the look of an address with a password: `//…@`, `postgres:…@`, `user:password@`, `password=`. */
function mayHoldPassword(text: string): boolean {
  return (
    /(:\/\/|postgres\w*:).*@/is.test(text) ||
    /(password|passwd|pwd)\s*(=|%3d)/i.test(text) ||
    (!plainPath.test(text) && /(:|%3a).*@/is.test(text))
  );
}

function fileOf(path: string): StoreAddress {
  return { kind: "file", path, text: path };
}

function fileFromUrl(text: string): string | null {
  try {
    const path = fileURLToPath(text);
    return path.includes("\0") ? null : path;
  } catch {
    return null;
  }
}

/** User, host, port and database of a URL; null when something in it may be a part of a password that was cut off. */
function postgresText(url: string): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null) {
    return null;
  }
  const { username, host, pathname, search, hash } = parsed;
  // A `/`, `?` or `#` of the password that is not in percent code ends the host there: its @ comes later.
  if (hash !== "" || `${pathname}${search}`.includes("@") || mayHoldPassword(pathname)) {
    return null;
  }
  // A colon in percent code may stand before a password.
  const user = username === "" ? "" : /^[\w.-]+$/.test(username) ? `${username}@` : "…@";
  return `postgres://${user}${host}${pathname}`;
}

function codeOf(character: string): string {
  return `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`;
}
