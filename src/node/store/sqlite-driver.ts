import { DataError } from "../../core/errors.ts";

/**
 * Node's SQLite, looked up when a store is opened: whoever opens none may run on what has none.
 * @throws DataError where there is none
 */
export function sqliteDriver(): typeof import("node:sqlite") {
  const found = globalThis.process?.getBuiltinModule?.("node:sqlite");
  if (found === undefined) {
    const { bun, node } = globalThis.process?.versions ?? {};
    const got = bun === undefined ? `Node ${node ?? "–"}` : `Bun ${bun}`;
    throw new DataError({
      en: `store: needs Node 22.13 or newer for its SQLite, got ${got}. Install a newer Node.`,
      ja: `store: SQLite を使うには Node 22.13 以降が必要です(実行中: ${got})。新しい Node を入れてください。`,
    });
  }
  return found;
}
