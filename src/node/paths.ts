import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

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

/** The run store's file; `TANREN_STORE` overrides, unless it names a database: only studies are kept in those. */
export function storePath(env: NodeJS.ProcessEnv = process.env): string {
  const named = env.TANREN_STORE ?? "";
  return named !== "" && !/^postgres(ql)?:/i.test(named) ? named : join(dataFolder(env), "tanren.sqlite");
}

/** Where studies are kept: a file, beside the runs, or a database's URL; `TANREN_STORE` overrides. */
export function studyPlace(env: NodeJS.ProcessEnv = process.env): string {
  return env.TANREN_STORE || storePath(env);
}

/** The folder that holds package.json, from source and from the built library alike. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    folder = dirname(folder);
  }
  return folder;
}
