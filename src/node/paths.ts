import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DataError } from "../core/errors.ts";
import { parseStoreAddress, type StoreAddress } from "./store/store-address.ts";

/** Where Tanren keeps what outlives a run: the store, downloaded data. `TANREN_HOME` overrides the system's own place. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.TANREN_HOME) {
    return env.TANREN_HOME;
  }
  if (process.platform === "win32") {
    return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "tanren");
  }
  if (process.platform === "darwin") {
    return join(homedir(), "Library", "Application Support", "tanren");
  }
  return join(env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "tanren");
}

/**
 * The run store asked for, or the user's own. `TANREN_STORE` names it unless it names a database: only studies are kept
 * in those.
 * @throws DataError when the address asked for is a database's, or none at all
 */
export function runStoreAddress(
  given: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Exclude<StoreAddress, { kind: "postgres" }> {
  if (given !== undefined) {
    const address = parseStoreAddress(given, "run store");
    if (address.kind === "postgres") {
      throw new DataError({
        en: `run store: must be a file, got ${address.text}. Runs are kept in a file and only studies in a database; give a file with --store, or leave it out.`,
        ja: `run store: ファイルを指定してください(指定された値: ${address.text})。実行の記録はファイルに、study だけがデータベースに保存できます。--store でファイルを指定するか、--store を省いてください。`,
      });
    }
    return address;
  }
  const named = env.TANREN_STORE ? parseStoreAddress(env.TANREN_STORE, "TANREN_STORE") : null;
  if (named !== null && named.kind !== "postgres") {
    return named;
  }
  const path = join(dataFolder(env), "tanren.sqlite");
  return { kind: "file", path, text: path };
}

/** Where studies are kept: a file, beside the runs, or a database's URL; `TANREN_STORE` overrides. @throws DataError */
export function studyPlace(env: NodeJS.ProcessEnv = process.env): string {
  if (env.TANREN_STORE) {
    return env.TANREN_STORE;
  }
  const address = runStoreAddress(undefined, env);
  return address.kind === "file" ? address.path : address.text;
}

/** The folder that holds the package.json of a module, from source and from the built library alike. */
export function packageRoot(module: string): string {
  let folder = dirname(fileURLToPath(module));
  while (!existsSync(join(folder, "package.json"))) {
    folder = dirname(folder);
  }
  return folder;
}
